#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Split a lane's FASTQ pair into chunks, which may be aligned on their own.
doc: |
  The pairs of the chunks one after the other, in the order of their names, are those of the
  lane. As each chunk holds whole batches of `hicloom align`, its embedded aligner gives the
  same records for chunks as for the lane.
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
baseCommand: [hicloom, split-reads]
inputs:
  fastq1:
    type: File
    doc: Read 1 of the lane, plain or gzip.
    inputBinding: {position: 1}
  fastq2:
    type: File
    doc: Read 2 of the lane, in the same order.
    inputBinding: {position: 2}
  output:
    type: string
    default: chunks
    doc: 'Folder of the chunks: 0001_1.fastq.gz, 0001_2.fastq.gz, 0002_1.fastq.gz, ...'
    inputBinding: {position: 9, prefix: --output}
  chunk_reads:
    type: int
    doc: Read pairs of a chunk, rounded up to a multiple of 2,048, which are aligned at a time.
    inputBinding: {position: 9, prefix: --chunk-reads}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: Directory
    outputBinding: {glob: $(inputs.output)}
