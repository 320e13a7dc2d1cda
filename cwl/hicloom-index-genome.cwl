#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Build the bwa index of a genome, and its chromsizes.
requirements:
  ResourceRequirement:
    coresMin: 1
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-align:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, index-genome]
inputs:
  fasta:
    type: File
    doc: The genome, plain or gzip.
    inputBinding: {position: 1}
  output:
    type: string
    default: genome
    doc: |
      Folder of the index: genome.amb, .ann, .bwt, .pac, .sa, .dict and .chrom.sizes. An
      index that is there already is replaced.
    inputBinding: {position: 9, prefix: --output}
  chromsizes:
    type: string?
    doc: Also write `name<TAB>length` (bp) of the sequences that `chroms` selects.
    inputBinding: {position: 9, prefix: --chromsizes}
  chroms:
    type: string
    default: .*
    doc: |
      Regular expression that the whole name of a sequence must match to be in
      `chromsizes`, such as `chr[0-9XY]+` for the main chromosomes.
    inputBinding: {position: 9, prefix: --chroms}
  tgz:
    type: string?
    doc: Also write the index as a tar.gz, as 4DN's bwa-mem.cwl takes it.
    inputBinding: {position: 9, prefix: --tgz}
  ram: {type: int, default: 20480, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: Directory
    outputBinding: {glob: $(inputs.output)}
  chromsizes_file:
    type: File?
    format: http://edamontology.org/format_3475  # TSV
    outputBinding: {glob: $(inputs.chromsizes)}
  tgz_file:
    type: File?
    outputBinding: {glob: $(inputs.tgz)}
