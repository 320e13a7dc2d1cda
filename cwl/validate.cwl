#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Check a FASTQ, FASTA or BAM file
doc: |
  Writes 0 (valid) or 255 into a file `report_validatefiles`; what is wrong is printed. The job succeeds either
  way.

requirements:
  ResourceRequirement:
    ramMin: $(inputs.memory_mb)
    tmpdirMin: $(inputs.disk_mb)
    outdirMin: $(inputs.disk_mb)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}

baseCommand: [hicloom, 4dn, validate]
inputs:
  input_file:
    type: File?
    doc: The file to check. Needed.
    inputBinding: {prefix: --input-file}
  type:
    type:
      - "null"
      - {type: enum, symbols: [fastq, fasta, bam]}
    default: fastq
    doc: What it is to be.
    inputBinding: {prefix: --type}
  memory_mb:
    type: int?
    default: 1000
    doc: Memory to ask for (MB).
  disk_mb:
    type: int?
    default: 1000
    doc: Disk to ask for (MB).

outputs:
  report:
    type: File
    format: http://edamontology.org/format_1964  # plain text
    outputBinding: {glob: report_validatefiles}
