#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Add up contact maps of the same bins.
requirements:
  ResourceRequirement:
    coresMin: $(inputs.threads)
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, merge-cool]
inputs:
  cools:
    type:
      type: array
      items: File
      inputBinding: {valueFrom: $(self.path)$(inputs.map)}
    doc: 'Maps (.cool, or maps of an .mcool: `x.mcool::/resolutions/1000`), any number of them.'
    inputBinding: {position: 1}
  map:
    type: string
    default: ''
    doc: Which map of an .mcool, such as `::/resolutions/1000`; empty for a .cool.
  output:
    type: string
    default: out.cool
    doc: Their sum (.cool).
    inputBinding: {position: 9, prefix: --output}
  count_dtype:
    type:
      - 'null'
      - {type: enum, symbols: [int32, int64, float64]}
    doc: |
      Type of the counts (default: the widest of the maps'). More than 2,147,483,647 contacts
      of two bins need int64.
    inputBinding: {position: 9, prefix: --count-dtype}
  sum_columns:
    type: string[]?
    doc: |
      Columns of the pixels to sum besides `count`; others are left out. Where there are
      others, this must be given (`count` alone leaves out all).
    inputBinding: {position: 9, prefix: --sum-columns}
  threads:
    type: int
    default: 2
    doc: Threads that inflate and compress.
    inputBinding: {position: 9, prefix: --threads}
  memory:
    type: int
    default: 2048
    doc: What merging may take (MB).
    inputBinding: {position: 9, prefix: --memory, valueFrom: $(self)M}
  ram: {type: int, default: 4096, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    format: http://edamontology.org/format_3590  # HDF5
    outputBinding: {glob: $(inputs.output)}
