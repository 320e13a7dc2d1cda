#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Write what HiGlass is to show of maps and depth: a viewconf.'
doc: |
  Maps stand side by side, those of the same chromosomes move together, each below the depth
  of its genome and beside the names of its chromosomes. `hicloom view` shows it; and so does
  a server of HiGlass that has the files under their names, with `-` for each dot.
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
baseCommand: [hicloom, viewconf]
inputs:
  file:
    type: File
    doc: An .mcool, .cool, .hic, bigWig or D4 file.
    inputBinding: {position: 1}
  files:
    type: File[]?
    doc: More of them.
    inputBinding: {position: 2}
  output:
    type: string
    default: out.viewconf.json
    doc: The viewconf (.json).
    inputBinding: {position: 9, prefix: --output}
  region:
    type: string?
    doc: |
      What is in view first: `chr1:1-20,000`, or of two sides `chr1|chr2:5-20` (1-based, both
      included; default: the genome).
    inputBinding: {position: 9, prefix: --region}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    format: http://edamontology.org/format_3464  # JSON
    outputBinding: {glob: $(inputs.output)}
