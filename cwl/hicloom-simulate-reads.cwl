#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Simulate the reads of a Hi-C library; the truth is in the read names.
doc: |
  Contacts fall with distance as 1 / (s + 1 kb), and show compartments, domains and loops,
  which depend on the genome only: libraries with different seeds share them. The ligation
  junction lies anywhere in the molecule, so reads cross it. Names, without blanks, are
  Illumina's followed by pair number, duplicate-of, kind, and for each read
  chromosome:position:strand:junction:mapping (hicloom.simulate.truth parses them).
requirements:
  ResourceRequirement:
    coresMin: $(inputs.threads)
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, simulate, reads]
inputs:
  fasta:
    type: File
    doc: The genome, plain or gzip.
    inputBinding: {position: 1}
  output1:
    type: string
    default: out_1.fastq.gz
    doc: FASTQ file of read 1; BGZF when it ends in .gz.
    inputBinding: {position: 9, prefix: --output1}
  output2:
    type: string
    default: out_2.fastq.gz
    doc: FASTQ file of read 2.
    inputBinding: {position: 9, prefix: --output2}
  pairs:
    type: int
    default: 200000
    doc: Read pairs, duplicates included.
    inputBinding: {position: 9, prefix: --pairs}
  read_length:
    type: int
    default: 100
    doc: Length of each read in bp, at least 30.
    inputBinding: {position: 9, prefix: --read-length}
  enzyme:
    type: string
    default: DpnII
    doc: One that hicloom fragments knows (DpnII, HindIII, Arima...), or none for random ends.
    inputBinding: {position: 9, prefix: --enzyme}
  cis:
    type: float
    default: 0.8
    doc: Fraction of the ligations that are within a chromosome.
    inputBinding: {position: 9, prefix: --cis}
  duplicates:
    type: float
    default: 0.1
    doc: Fraction of the read pairs that are PCR duplicates; some have ends shifted by 1-2 bp.
    inputBinding: {position: 9, prefix: --duplicates}
  errors:
    type: float
    default: 0.002
    doc: Substitutions a base; they become more frequent along the read.
    inputBinding: {position: 9, prefix: --errors}
  unmappable:
    type: float
    default: 0.03
    doc: Fraction of the ends that are random sequence.
    inputBinding: {position: 9, prefix: --unmappable}
  unligated:
    type: float
    default: 0.03
    doc: Fraction of the molecules without a ligation.
    inputBinding: {position: 9, prefix: --unligated}
  circles:
    type: float
    default: 0.01
    doc: Fraction of the molecules that are one fragment ligated to itself.
    inputBinding: {position: 9, prefix: --circles}
  molecule:
    type: int
    default: 350
    doc: Mean length of a sequenced molecule in bp, at least the read length.
    inputBinding: {position: 9, prefix: --molecule}
  molecule_sd:
    type: int
    default: 60
    doc: Standard deviation of that length in bp.
    inputBinding: {position: 9, prefix: --molecule-sd}
  lane:
    type: int
    default: 1
    doc: Lane number in the read names.
    inputBinding: {position: 9, prefix: --lane}
  seed:
    type: int
    default: 0
    doc: The same seed gives the same reads.
    inputBinding: {position: 9, prefix: --seed}
  threads:
    type: int
    default: 2
    doc: ''
    inputBinding: {position: 9, prefix: --threads}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output1_file:
    type: File
    format: http://edamontology.org/format_1930  # FASTQ
    outputBinding: {glob: $(inputs.output1)}
  output2_file:
    type: File
    format: http://edamontology.org/format_1930  # FASTQ
    outputBinding: {glob: $(inputs.output2)}
