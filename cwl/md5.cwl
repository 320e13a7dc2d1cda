#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: MD5 sum of a file
doc: |
  Two lines of hexadecimal digits in a file `report`: the sum of the file, and that of what it holds, which is
  another one where its name ends in .gz.

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

baseCommand: [hicloom, 4dn, md5]
inputs:
  input_file:
    type: File?
    doc: Any file. Needed.
    inputBinding: {prefix: --input-file}
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
    outputBinding: {glob: report}
