#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Merge sorted pairsam files of one library
doc: |
  One sorted pairsam file of several, before duplicates are looked for.

requirements:
  ResourceRequirement:
    coresMin: $(inputs.nThreads)
    ramMin: $(inputs.memory_mb)
    tmpdirMin: $(inputs.disk_mb)
    outdirMin: $(inputs.disk_mb)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}

baseCommand: [hicloom, 4dn, pairsam-merge]
inputs:
  outprefix:
    type: string?
    default: out
    doc: The file is called OUTPREFIX.merged.sam.pairs.gz.
    inputBinding: {prefix: --outprefix}
  nThreads:
    type: int
    default: 8
    doc: Threads that compress; also the cores to ask for.
    inputBinding: {prefix: --nthreads}
  input_pairsams:
    type: File[]?
    doc: Sorted pairsam files. Needed.
    inputBinding: {prefix: --input-pairsams}
  memory_mb:
    type: int?
    default: 2000
    doc: Memory to ask for (MB); pairs pass through.
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for temporary files and for the output each.

outputs:
  merged_pairsam:
    type: File
    outputBinding: {glob: $(inputs.outprefix).merged.sam.pairs.gz}
