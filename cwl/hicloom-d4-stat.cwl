#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Summarise depth: a line for each region, a column for each track and statistic.'
doc: 'Regions are 0-based and half-open, as in BED: `chr1:0-10` are the first ten bases.'
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
baseCommand: [hicloom, d4, stat]
inputs:
  d4:
    type: File
    doc: 'A D4 file, or the http(s) URL of one: only what is needed is fetched.'
    inputBinding: {position: 1}
  region:
    type: string[]?
    doc: '`chrom`, `chrom:start-end` or `chrom:start` (default: each chromosome).'
    inputBinding: {position: 2}
  stat:
    type: string[]
    default: [mean]
    doc: |
      `mean`, `median`, `min`, `max`, `sum`, `count` (of bases), `percentile=N` (the least
      value that N % of the bases do not exceed; `median` is `percentile=50`),
      `perc_cov=A,B...` (share of bases of A, of B... or more), or `hist` alone: bases of
      each value, over all regions.
    inputBinding: {position: 9, prefix: --stat}
  regions:
    type: File?
    doc: BED file of more regions.
    inputBinding: {position: 9, prefix: --regions}
  track:
    type: string[]?
    doc: 'Tracks to summarise (default: all).'
    inputBinding: {position: 9, prefix: --track}
  max_bin:
    type: int
    default: 1000
    doc: 'Of `hist`: the largest value with a line of its own.'
    inputBinding: {position: 9, prefix: --max-bin}
  index:
    type: boolean
    default: true
    doc: Use the index of the file, if it has one (`hicloom d4 index`).
    inputBinding: {position: 9, valueFrom: --index=$(self)}
  header:
    type: boolean
    default: false
    doc: Print a line of column names first.
    inputBinding: {position: 9, prefix: --header}
  threads:
    type: int
    default: 2
    doc: Regions that are read at once.
    inputBinding: {position: 9, prefix: --threads}
  output:
    type: string
    default: out.tsv
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
    format: http://edamontology.org/format_3475  # TSV
    outputBinding: {glob: $(inputs.output)}
