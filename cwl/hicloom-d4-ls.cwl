#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'List the tracks of a D4 file: how they are stored, and what made them.'
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
baseCommand: [hicloom, d4, ls]
inputs:
  d4:
    type: File
    doc: A D4 file, or the http(s) URL of one.
    inputBinding: {position: 1}
  chromsizes:
    type: boolean
    default: false
    doc: List the chromosomes and their lengths instead.
    inputBinding: {position: 9, prefix: --chromsizes}
  json:
    type: boolean
    default: false
    doc: Print a JSON object for each track instead, with all that is known.
    inputBinding: {position: 9, prefix: --json}
  output: {type: string, default: out.txt, doc: The file to write.}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
stdout: $(inputs.output)
outputs:
  output_file: {type: stdout}
