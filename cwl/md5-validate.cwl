#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: Workflow

label: MD5 sum and check of a FASTQ file
doc: |
  The reports of md5.cwl and, for a FASTQ file, of validate.cwl.

inputs:
  input_file:
    type: File?
    doc: The FASTQ file. Needed.
  memory_mb:
    type: int?
    doc: Memory to ask for in each step (MB; default that of its tool).
  disk_mb:
    type: int?
    doc: Disk to ask for in each step (MB; default that of its tool).

steps:
  md5:
    run: md5.cwl
    in:
      input_file: {source: input_file}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out: [report]
  validatefiles:
    run: validate.cwl
    in:
      input_file: {source: input_file}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out: [report]

outputs:
  md5_report:
    type: File
    format: http://edamontology.org/format_1964  # plain text
    outputSource: md5/report
    doc: The sums of the file and of what it holds.
  validatefiles_report:
    type: File
    format: http://edamontology.org/format_1964  # plain text
    outputSource: validatefiles/report
    doc: 0 (valid) or 255.
