#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Count the read pairs of a lane, and list the chunks that `split-reads` makes of it.
requirements:
  ResourceRequirement:
    coresMin: 1
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-align:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, count-reads]
inputs:
  fastq1:
    type: File
    doc: Read 1 of the lane, plain or gzip.
    inputBinding: {position: 1}
  fastq2:
    type: File
    doc: Read 2 of the lane.
    inputBinding: {position: 2}
  chunk_reads:
    type: int
    default: 0
    doc: |
      Read pairs of a chunk, rounded up to a multiple of 2,048, which are aligned at a time:
      so each pair is aligned as in the whole lane. 0 for one chunk of all.
    inputBinding: {position: 9, prefix: --chunk-reads}
  output:
    type: string
    default: out.tsv
    doc: 'Table of chunks: name, number of the first pair (1-based), how many pairs.'
    inputBinding: {position: 9, prefix: --output}
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
