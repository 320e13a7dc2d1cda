#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Split a marked pairsam file into valid pairs and a lossless BAM
doc: |
  Every alignment goes to the lossless BAM, tagged with its pair type. Pairs of the types UU, UR and RU whose
  two sides lie on the chromosomes of the chromsizes file go to the pairs file.

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

baseCommand: [hicloom, 4dn, pairsam-filter]
inputs:
  input_pairsam:
    type: File?
    doc: Pairsam file in which duplicates are marked. Needed.
    inputBinding: {prefix: --input-pairsam}
  outprefix:
    type: string?
    default: out
    doc: The files are called OUTPREFIX.lossless.bam and OUTPREFIX.dedup.pairs.gz.
    inputBinding: {prefix: --outprefix}
  chromsize:
    type: File?
    doc: Chromosomes to keep, with their lengths (bp); without it all are kept.
    inputBinding: {prefix: --chromsize}
  memory_mb:
    type: int?
    default: 2000
    doc: Memory to ask for (MB); pairs pass through.
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for temporary files and for the outputs each.

outputs:
  lossless_bamfile:
    type: File
    format: http://edamontology.org/format_2572  # BAM
    outputBinding: {glob: $(inputs.outprefix).lossless.bam}
  filtered_pairs:
    type: File
    secondaryFiles: [.px2]
    outputBinding: {glob: $(inputs.outprefix).dedup.pairs.gz}
