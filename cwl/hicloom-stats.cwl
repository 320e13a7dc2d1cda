#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Count pairs by type, chromosome, distance and strands with pairtools stats.
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
baseCommand: [hicloom, stats]
inputs:
  pairs:
    type: File
    doc: Pairs of any stage.
    inputBinding: {position: 1}
  tsv:
    type: string?
    doc: pairtools' two-column table, which MultiQC reads.
    inputBinding: {position: 9, prefix: --tsv}
  json:
    type: string?
    doc: The same numbers as nested JSON.
    inputBinding: {position: 9, prefix: --json}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  tsv_file:
    type: File?
    format: http://edamontology.org/format_3475  # TSV
    outputBinding: {glob: $(inputs.tsv)}
  json_file:
    type: File?
    format: http://edamontology.org/format_3464  # JSON
    outputBinding: {glob: $(inputs.json)}
