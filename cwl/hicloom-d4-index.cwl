#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Add an index to a D4 file: `d4 stat` and `d4 plot` then read only what they must.'
doc: |
  It holds sum, least and greatest value of bins of 16,384 bp and where the compressed
  records lie. d4tools passes over it. An index that is there is made anew.
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
baseCommand: [hicloom, d4, index]
inputs:
  d4:
    type: File
    doc: A D4 file of one or several tracks.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.d4
    doc: 'Where to write (default: the file itself is replaced, at once and whole).'
    inputBinding: {position: 9, prefix: --output}
  d4tools:
    type: boolean
    default: false
    doc: |
      Add the sums that d4tools knows instead (for its `stat` over HTTP). With them d4tools
      answers regions within 65,536 bp wrongly: use its `--no-index` there.
    inputBinding: {position: 9, prefix: --d4tools}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    outputBinding: {glob: $(inputs.output)}
