#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool

label: Align a lane of Hi-C reads
doc: |
  Alignments of a pair of FASTQ files as `bwa mem -SP5M` gives them, in read order, as BAM.

requirements:
  ResourceRequirement:
    coresMin: $(inputs.nThreads)
    ramMin: $(inputs.memory_mb)
    tmpdirMin: $(inputs.disk_mb)
    outdirMin: $(inputs.disk_mb)
hints:
  DockerRequirement:
    dockerPull: hicloom-align:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}

baseCommand: [hicloom, 4dn, bwa-mem]
inputs:
  fastq1:
    type: File
    doc: Read 1 of the lane, plain or gzip.
    inputBinding: {prefix: --fastq1}
  fastq2:
    type: File
    doc: Read 2 of the lane, in the same order.
    inputBinding: {prefix: --fastq2}
  bwa_index:
    type: File
    doc: The files of `bwa index`, as a tar.gz.
    inputBinding: {prefix: --bwa-index}
  outdir:
    type: string?
    default: .
    doc: Folder of the output, within the job's.
    inputBinding: {prefix: --outdir}
  prefix:
    type: string?
    default: out
    doc: The file is called PREFIX.bam.
    inputBinding: {prefix: --prefix}
  nThreads:
    type: int
    default: 4
    doc: Processes that align; also the cores to ask for.
    inputBinding: {prefix: --nthreads}
  memory_mb:
    type: int?
    default: 12000
    doc: Memory to ask for (MB). The index is in memory once (hg38, 5.5 GB); each process holds a batch of reads.
  disk_mb:
    type: int?
    default: 20000
    doc: Disk to ask for (MB), for the unpacked index and for the output each.

outputs:
  out_bam:
    type: File
    format: http://edamontology.org/format_2572  # BAM
    outputBinding: {glob: $(inputs.outdir)/*.bam}
