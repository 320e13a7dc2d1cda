#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Make a D4 file: the depth of every base, from alignments, pairs or depth files.'
doc: |
  Alignments may stand in any order and need no index. Depth is the number of alignments
  whose bases (CIGAR M, = and X) cover a base, as in `samtools depth -a`.
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
baseCommand: [hicloom, d4, create]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
inputs:
  inputs:
    type: File[]
    doc: BAM, CRAM, pairs, bedGraph or bigWig files, told by what they hold. Several make a track each.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.d4
    doc: The D4 file.
    inputBinding: {position: 9, prefix: --output}
  track:
    type: string[]?
    doc: 'Names of the tracks (default: of several inputs, their names; else none).'
    inputBinding: {position: 9, prefix: --track}
  sum:
    type: boolean
    default: false
    doc: Make one track of all inputs, such as the lanes of a library.
    inputBinding: {position: 9, prefix: --sum}
  chromsizes:
    type: File?
    doc: 'Chromosomes and their order (default: those of the inputs); bedGraph needs it.'
    inputBinding: {position: 9, prefix: --chromsizes}
  chroms:
    type: string
    default: .*
    doc: Regular expression (whole name) of the chromosomes to keep.
    inputBinding: {position: 9, prefix: --chroms}
  min_mapq:
    type: int
    default: 0
    doc: Alignments, and ends of pairs, with a lower MAPQ do not count.
    inputBinding: {position: 9, prefix: --min-mapq}
  exclude_flags:
    type: string[]
    default: [unmapped, duplicate, qc-fail, lone-secondary]
    doc: |
      Alignments that do not count; unmapped ones never do. `lone-secondary` are secondary
      ones without a tag SA: those that are not a half of a read that was split.
    inputBinding: {position: 9, prefix: --exclude-flags}
  exclude_reads:
    type: File?
    doc: |
      Names of reads that do not count: one a line, or hashes, as `hicloom dedup
      --duplicate-names` writes them.
    inputBinding: {position: 9, prefix: --exclude-reads}
  deletions:
    type: boolean
    default: false
    doc: Count deleted bases (CIGAR D) as covered.
    inputBinding: {position: 9, prefix: --deletions}
  count:
    type: {type: enum, symbols: [ends, spans]}
    default: ends
    doc: Of pairs, count the base of each end, or all bases from end to end of cis pairs.
    inputBinding: {position: 9, prefix: --count}
  max_span:
    type: int
    default: 1000
    doc: Longest span (bp) that counts.
    inputBinding: {position: 9, prefix: --max-span}
  denominator:
    type: float?
    doc: 'Of bedGraph and bigWig: store value times this, rounded; readers divide by it.'
    inputBinding: {position: 9, prefix: --denominator}
  dictionary:
    type: string
    default: auto
    doc: |
      Values that the primary table holds: `auto` (what makes the smaller file), a range
      such as `0-64` (the last is left out), or a file with a value a line. They are as
      many as a power of two.
    inputBinding: {position: 9, prefix: --dictionary}
  sparse:
    type: boolean
    default: false
    doc: 'Store runs only: the same as `--dictionary 0-1`.'
    inputBinding: {position: 9, prefix: --sparse}
  deflate_level:
    type: int
    default: 2
    doc: How much runs are compressed, 1 (fast) to 12 (small); 0 for not at all.
    inputBinding: {position: 9, prefix: --deflate-level}
  threads:
    type: int
    default: 2
    doc: Threads that inflate and compress.
    inputBinding: {position: 9, prefix: --threads}
  memory:
    type: int
    default: 1024
    doc: What gathering alignments may take (MB); more is spilled to `tmpdir`.
    inputBinding: {position: 9, prefix: --memory, valueFrom: $(self)M}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    outputBinding: {glob: $(inputs.output)}
