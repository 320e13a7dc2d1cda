#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Find the contacts in a BAM file and sort them
doc: |
  Pairs with their alignments (pairsam), as `pairtools parse --add-columns mapq` finds them with the
  settings that it had by default in version 0.2.2, sorted.

requirements:
  ResourceRequirement:
    coresMin: $(inputs.Threads)
    ramMin: $(inputs.memory_mb)
    tmpdirMin: $(inputs.disk_mb)
    outdirMin: $(inputs.disk_mb)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}

baseCommand: [hicloom, 4dn, pairsam-parse-sort]
inputs:
  bam:
    type: File?
    doc: Alignments with the records of each pair side by side, as bwa-mem.cwl writes them. Needed.
    inputBinding: {prefix: --bam}
  chromsize:
    type: File?
    doc: Names and lengths (bp) of chromosomes; their order defines the upper triangle. Needed.
    inputBinding: {prefix: --chromsize}
  outdir:
    type: string?
    default: .
    doc: Folder of the output, within the job's.
    inputBinding: {prefix: --outdir}
  outprefix:
    type: string?
    default: out
    doc: The file is called OUTPREFIX.sam.pairs.gz.
    inputBinding: {prefix: --outprefix}
  Threads:
    type: int
    default: 8
    doc: Threads that sort and compress; also the cores to ask for.
    inputBinding: {prefix: --threads}
  compress_programm:
    type: string?
    default: lz4c
    doc: Taken for the sake of old job files; hicloom chooses how to compress spilled chunks.
    inputBinding: {prefix: --compress-programm}
  memory_mb:
    type: int?
    default: 4000
    doc: Memory to ask for (MB). Sorting takes 2 GB; what is more is spilled to the disk.
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for spilled chunks and for the output each.

outputs:
  sorted_pairsam:
    type: File
    outputBinding: {glob: $(inputs.outdir)/$(inputs.outprefix).sam.pairs.gz}
