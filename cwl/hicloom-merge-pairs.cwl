#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Merge sorted pairs files into one sorted file; equal rows keep the order of the files.
doc: |
  Order and triangle of every input are verified on the way. Memory does not grow with
  the input. More than 128 files, or fewer where the system allows less open files, are merged
  in rounds, which put the pairs on the disk in between.
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
baseCommand: [hicloom, merge-pairs]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
inputs:
  pairs:
    type: File[]
    doc: Sorted pairs with the same chromosomes and columns.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.pairs.gz
    doc: 'Merged pairs: `.gz` is written as BGZF with a `.px2` index beside it.'
    inputBinding: {position: 9, prefix: --output}
  threads:
    type: int
    default: 2
    doc: Threads that compress the output.
    inputBinding: {position: 9, prefix: --threads}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    secondaryFiles:
      - {pattern: .px2, required: true}
    outputBinding: {glob: $(inputs.output)}
