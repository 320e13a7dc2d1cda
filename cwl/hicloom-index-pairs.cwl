#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Index sorted pairs, so that regions can be queried (writes FILE.px2, as pairix does).
doc: |
  Files that hicloom sorts, merges or deduplicates already have their index; this is for
  files that other programs wrote.
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
baseCommand: [hicloom, index-pairs]
inputs:
  pairs:
    type: File
    doc: |
      BGZF-compressed pairs, in the order of chrom1, chrom2, pos1, pos2. Chromosomes may
      come in any order as long as each pair of them stands in one piece.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.pairs.gz
    doc: |
      Where to put a copy of the pairs, byte for byte, with the index beside it (default: the
      index lies beside `pairs`).
    inputBinding: {position: 9, prefix: --output}
  threads:
    type: int
    default: 2
    doc: Threads that decompress.
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
