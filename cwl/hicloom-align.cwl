#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Align one lane''s FASTQ pair to a genome: BAM in read order, each read on its own.'
doc: |
  The records are those of `bwa mem -SP5`: no pairing and no mate rescue, the 5'-most part
  of a chimeric read as its primary record, its other parts as supplementary ones with
  their own MAPQ. They do not depend on the number of threads. Equal hits (MAPQ 0) are drawn
  by lot; bwa's lots differ with its batches, all other records are the same.
requirements:
  ResourceRequirement:
    coresMin: $(inputs.threads)
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-align:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, align]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
inputs:
  fastq1:
    type: File
    doc: Read 1 of the lane, plain or gzip; checked while it is read.
    inputBinding: {position: 1}
  fastq2:
    type: File
    doc: Read 2 of the lane, in the same order.
    inputBinding: {position: 2}
  output:
    type: string
    default: out.bam
    doc: The BAM file.
    inputBinding: {position: 9, prefix: --output}
  index:
    type: [Directory, File]
    doc: |
      Folder of an index made by `hicloom index-genome`, or the prefix of any index of
      `bwa index`, or a tar archive (`.tar`, `.tar.gz`, `.tgz`) of such a folder. For minimap2
      a `.mmi` file or the FASTA.
    inputBinding: {position: 9, prefix: --index}
  chromsizes:
    type: File?
    doc: |
      Chromosomes of the maps to be made: each must be in the index, with its length (not
      looked at for minimap2).
    inputBinding: {position: 9, prefix: --chromsizes}
  aligner:
    type: {type: enum, symbols: [embedded, bwa, bwa-mem2, minimap2]}
    default: embedded
    doc: |
      `embedded` is bwa as it comes with hicloom; the others are native programs that
      must be installed.
    inputBinding: {position: 9, prefix: --aligner}
  read_group:
    type: string?
    doc: |
      Fields of the @RG line, `ID:lane1\tSM:library1` for instance (`\t` or a tab between
      them); every record is tagged with its ID.
    inputBinding: {position: 9, prefix: --read-group}
  split_as_secondary:
    type: boolean
    default: false
    doc: Flag the other parts of a chimeric read as secondary (`bwa mem -M`).
    inputBinding: {position: 9, prefix: --split-as-secondary}
  threads:
    type: int
    default: 2
    doc: Processes that align.
    inputBinding: {position: 9, prefix: --threads}
  ram: {type: int, default: 8192, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    format: http://edamontology.org/format_2572  # BAM
    outputBinding: {glob: $(inputs.output)}
