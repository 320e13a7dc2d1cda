#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Sort pairs by chrom1, chrom2, pos1, pos2, pair_type; equal rows keep their order.
doc: Chromosomes are ordered as bytes (the C locale), as pairtools orders them.
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
baseCommand: [hicloom, sort-pairs]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
inputs:
  pairs:
    type: File
    doc: Pairs in any order, plain or compressed.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.pairs.gz
    doc: 'Sorted pairs: `.gz` is written as BGZF with a `.px2` index beside it.'
    inputBinding: {position: 9, prefix: --output}
  flip:
    type: boolean
    default: false
    doc: Move pairs of the lower triangle to the upper one first (else they are refused).
    inputBinding: {position: 9, prefix: --flip}
  threads:
    type: int
    default: 2
    doc: Threads that sort and compress.
    inputBinding: {position: 9, prefix: --threads}
  memory:
    type: int
    default: 2048
    doc: What sorting may take (MB); more than that is spilled to `tmpdir`.
    inputBinding: {position: 9, prefix: --memory, valueFrom: $(self)M}
  ram: {type: int, default: 4096, doc: Memory (MB) to ask the machine for.}
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
