#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Draw depth along one region, or along all chromosomes.
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
baseCommand: [hicloom, d4, plot]
inputs:
  d4:
    type: File
    doc: 'A D4 file, or the http(s) URL of one: only what is needed is fetched.'
    inputBinding: {position: 1}
  region:
    type: string?
    doc: |
      `chrom`, `chrom:start-end` or `chrom:start`, 0-based and half-open (default: all
      chromosomes; of many the 30 longest).
    inputBinding: {position: 2}
  output:
    type: string
    default: out.png
    doc: 'The picture: .png, .pdf or .svg.'
    inputBinding: {position: 9, prefix: --output}
  track:
    type: string[]?
    doc: 'Tracks to draw (default: all).'
    inputBinding: {position: 9, prefix: --track}
  bins:
    type: int
    default: 1000
    doc: Points of a curve at most; each is the mean of its bases.
    inputBinding: {position: 9, prefix: --bins}
  title:
    type: string?
    doc: 'Title (default: `depth`, name of the file, region).'
    inputBinding: {position: 9, prefix: --title}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    outputBinding: {glob: $(inputs.output)}
