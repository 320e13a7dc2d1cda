#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Print depth as bedGraph, a column for each track.
doc: 'Regions are 0-based and half-open, as in BED: `chr1:0-10` are the first ten bases.'
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
baseCommand: [hicloom, d4, view]
inputs:
  d4:
    type: File
    doc: 'A D4 file, or the http(s) URL of one: only what is needed is fetched.'
    inputBinding: {position: 1}
  region:
    type: string[]?
    doc: |
      `chrom`, `chrom:start-end` or `chrom:start`; several are printed in this order
      (default: all chromosomes).
    inputBinding: {position: 2}
  regions:
    type: File?
    doc: BED file of more regions.
    inputBinding: {position: 9, prefix: --regions}
  track:
    type: string[]?
    doc: 'Tracks to show (default: all).'
    inputBinding: {position: 9, prefix: --track}
  zeros:
    type: boolean
    default: true
    doc: Print stretches that are 0 in all tracks, too; `--no-zeros` leaves them out.
    inputBinding: {position: 9, valueFrom: --zeros=$(self)}
  header:
    type: boolean
    default: false
    doc: Print a line of column names first.
    inputBinding: {position: 9, prefix: --header}
  output:
    type: string
    default: out.bedgraph.gz
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
