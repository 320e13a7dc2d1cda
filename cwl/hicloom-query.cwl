#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Print the pairs of one or several regions, found through the .px2 index.
doc: |
  A region has a side for each end of a pair, as pairix writes it: `chr1:1-10|chr2:5-20`,
  `chr1|chr2`, `chr1:1,000-2,000|*` or `*|chr2`. Positions are 1-based, both included.
  `chr1:1-10` alone means that both ends lie there. When the file keeps the chromosomes the
  other way round (chr2|chr1), the region is turned; `*` is not turned.
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
baseCommand: [hicloom, query]
inputs:
  pairs:
    type: File
    secondaryFiles:
      - {pattern: .px2, required: true}
    doc: Sorted BGZF-compressed pairs with their `.px2` (see `hicloom index-pairs`).
    inputBinding: {position: 1}
  regions:
    type: string[]
    doc: |
      One or several, quoted for the shell; printed in this order, a pair that is in two of
      them twice.
    inputBinding: {position: 2}
  count:
    type: boolean
    default: false
    doc: Print the number of pairs instead, one line a region.
    inputBinding: {position: 9, prefix: --count}
  header:
    type: boolean
    default: false
    doc: Print the file's header first.
    inputBinding: {position: 9, prefix: --header}
  output:
    type: string
    default: out.txt
    doc: 'Where to write: `.gz` is compressed with BGZF.'
    inputBinding: {position: 9, prefix: --output}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    outputBinding: {glob: $(inputs.output)}
