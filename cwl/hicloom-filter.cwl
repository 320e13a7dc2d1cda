#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Keep the pairs of some types and chromosomes that satisfy an expression.
doc: |
  A dropped pair is counted under the first of these tests that it fails: pair type,
  chromosome, same fragment, expression.
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
baseCommand: [hicloom, filter]
inputs:
  pairs:
    type: File
    doc: Pairs.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.pairs.gz
    doc: |
      Kept pairs in the same order: `.gz` is written as BGZF, with a `.px2` index when
      they are sorted.
    inputBinding: {position: 9, prefix: --output}
  pair_types:
    type: string[]
    default: [UU, UR, RU]
    doc: Pair types to keep; ignored where the pairs have no such column.
    inputBinding: {position: 9, prefix: --pair-types}
  chromsizes:
    type: File?
    doc: |
      Keep only pairs with both sides on chromosomes of this file, whose lengths must
      agree with the header's.
    inputBinding: {position: 9, prefix: --chromsizes}
  drop_same_fragment:
    type: boolean
    default: false
    doc: |
      Drop pairs with both ends on one restriction fragment (columns frag1, frag2; see
      `hicloom annotate-fragments`).
    inputBinding: {position: 9, prefix: --drop-same-fragment}
  expression:
    type: string?
    doc: |
      Comparisons of columns with numbers, texts or columns, joined by and, or, not:
      `mapq1 >= 30 and mapq2 >= 30`.
    inputBinding: {position: 9, prefix: --expression}
  stats:
    type: string?
    doc: JSON file for the counts of read, kept and dropped pairs.
    inputBinding: {position: 9, prefix: --stats}
  lossless_bam:
    type: string?
    doc: |
      BAM file for every alignment of every pair read, kept or dropped, in the order of the
      pairs; needs pairs with SAM columns (`hicloom dedup --keep-duplicates` leaves them),
      which the output then leaves out.
    inputBinding: {position: 9, prefix: --lossless-bam}
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
      - {pattern: .px2, required: false}
    outputBinding: {glob: $(inputs.output)}
  stats_file:
    type: File?
    format: http://edamontology.org/format_3464  # JSON
    outputBinding: {glob: $(inputs.stats)}
  lossless_bam_file:
    type: File?
    format: http://edamontology.org/format_2572  # BAM
    outputBinding: {glob: $(inputs.lossless_bam)}
