#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Bin pairs into a contact map
doc: |
  A .cool file with the pixels of `cooler cload pairix`.

requirements:
  ResourceRequirement:
    coresMin: $(inputs.ncores)
    ramMin: $(inputs.memory_mb)
    tmpdirMin: $(inputs.disk_mb)
    outdirMin: $(inputs.disk_mb)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}

baseCommand: [hicloom, 4dn, cooler]
inputs:
  pairs:
    type: File?
    doc: Sorted pairs file; its index (.px2) lies beside it. Needed.
    secondaryFiles: [.px2]
    inputBinding: {prefix: --pairs}
  chrsizes:
    type: File?
    doc: Chromosomes of the map and their lengths (bp). Needed.
    inputBinding: {prefix: --chrsizes}
  binsize:
    type: int?
    doc: Width of a bin (bp). Needed.
    inputBinding: {prefix: --binsize}
  ncores:
    type: int?
    default: 8
    doc: Threads that decompress the pairs; also the cores to ask for.
    inputBinding: {prefix: --ncores}
  outprefix:
    type: string?
    default: out
    doc: The file is called OUTPREFIX.cool.
    inputBinding: {prefix: --outprefix}
  max_split:
    type: int?
    default: 2
    doc: Taken for the sake of old job files; the pairs are read in one pass.
    inputBinding: {prefix: --max-split}
  memory_mb:
    type: int?
    default: 4000
    doc: Memory to ask for (MB). Gathering pixels takes half of it; what is more is spilled to the disk.
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for spilled pixels and for the output each.

outputs:
  cool:
    type: File
    format: http://edamontology.org/format_3590  # HDF5; EDAM has no term for cool
    outputBinding: {glob: "*.cool"}
