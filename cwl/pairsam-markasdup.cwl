#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Mark the duplicates of a library
doc: |
  The same pairsam file with duplicates marked as DD, as `pairtools dedup --mark-dups` finds them (within
  3 bp on both sides); duplicates and unmapped pairs stay in the file.

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

baseCommand: [hicloom, 4dn, pairsam-markasdup]
inputs:
  input_pairsam:
    type: File?
    doc: Sorted pairsam file. Needed.
    inputBinding: {prefix: --input-pairsam}
  outprefix:
    type: string?
    default: out
    doc: The file is called OUTPREFIX.marked.sam.pairs.gz.
    inputBinding: {prefix: --outprefix}
  memory_mb:
    type: int?
    default: 2000
    doc: Memory to ask for (MB); pairs pass through.
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for temporary files and for the output each.

outputs:
  dupmarked_pairsam:
    type: File
    secondaryFiles: [.px2]
    outputBinding: {glob: $(inputs.outprefix).marked.sam.pairs.gz}
