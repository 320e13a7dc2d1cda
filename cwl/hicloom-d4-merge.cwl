#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Put the tracks of several D4 files side by side into one; they are copied as they are.
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
baseCommand: [hicloom, d4, merge]
inputs:
  d4s:
    type: File[]
    doc: D4 files, or http(s) URLs of them; their chromosomes are the same, in the same order.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.d4
    doc: The D4 file to write.
    inputBinding: {position: 9, prefix: --output}
  labels:
    type: string[]?
    doc: |
      A name for each file (default: the file's name without ending). A track is called
      by it; where a file gives several tracks, `LABEL.TRACK`.
    inputBinding: {position: 9, prefix: --labels}
  track:
    type: string[]?
    doc: 'Tracks to take of each file (default: all).'
    inputBinding: {position: 9, prefix: --track}
  bigwig:
    type: string?
    doc: bigWig file for the sum of all tracks, for genome browsers.
    inputBinding: {position: 9, prefix: --bigwig}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    outputBinding: {glob: $(inputs.output)}
  bigwig_file:
    type: File?
    outputBinding: {glob: $(inputs.bigwig)}
