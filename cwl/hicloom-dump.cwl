#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Write the pixels of a contact map as tab-separated text.
requirements:
  ResourceRequirement:
    coresMin: 1
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, dump]
inputs:
  cool:
    type: File
    doc: 'A map (.cool, or a map of an .mcool: `x.mcool::/resolutions/1000`).'
    inputBinding: {position: 1, valueFrom: $(self.path)$(inputs.map)}
  map:
    type: string
    default: ''
    doc: Which map of an .mcool, such as `::/resolutions/1000`; empty for a .cool.
  output:
    type: string
    default: out.tsv.gz
    doc: Text, compressed where the name ends in `.gz`.
    inputBinding: {position: 9, prefix: --output}
  region:
    type: string?
    doc: Rows, such as `chr1:1,000,000-2,000,000` (0-based, half-open) or `chr1`.
    inputBinding: {position: 9, prefix: --region}
  region2:
    type: string?
    doc: 'Columns (default: those of `region`).'
    inputBinding: {position: 9, prefix: --region2}
  join:
    type: boolean
    default: false
    doc: Chromosomes, starts and ends (0-based, half-open) instead of numbers of bins.
    inputBinding: {position: 9, prefix: --join}
  balanced:
    type: boolean
    default: false
    doc: 'A column more: count * weight1 * weight2.'
    inputBinding: {position: 9, prefix: --balanced}
  fill_lower:
    type: boolean
    default: false
    doc: Pixels of the lower triangle, too, where the region has some.
    inputBinding: {position: 9, prefix: --fill-lower}
  header:
    type: boolean
    default: false
    doc: The names of the columns on the first line.
    inputBinding: {position: 9, prefix: --header}
  float_format:
    type: string
    default: g
    doc: 'How balanced values are written, as in C''s printf: `g` (6 digits), `.17g` (all).'
    inputBinding: {position: 9, prefix: --float-format}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    format: http://edamontology.org/format_3475  # TSV
    outputBinding: {glob: $(inputs.output)}
