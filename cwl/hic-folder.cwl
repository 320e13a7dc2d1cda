#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Put files into a folder.
doc: |
  A part of hic.cwl. What lies beside the files (`.px2`) goes into the folder, too.
requirements:
  ResourceRequirement:
    coresMin: 1
    ramMin: 256
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      coreutils: {version: ["9"]}
baseCommand: [install, -D, -m, "644"]
inputs:
  name:
    type: string
    doc: The folder's name.
    inputBinding: {position: 1, prefix: -t}
  files:
    type:
      type: array
      items: [File, "null"]
    doc: What goes into it.
    inputBinding: {position: 2}
  indexed:
    type:
      - "null"
      - type: array
        items: File
        inputBinding: {valueFrom: $(self.secondaryFiles)}
    doc: The same files, for what lies beside them.
    inputBinding: {position: 3}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for.
outputs:
  folder:
    type: Directory
    outputBinding: {glob: $(inputs.name)}
