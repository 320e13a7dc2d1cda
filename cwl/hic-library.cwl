#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: Workflow
label: One library, from the reads of its lanes to its pairs without duplicates.
doc: |
  A part of hic.cwl. Lanes are aligned and parsed each on its own, then joined before
  duplicates are sought.
requirements:
  ScatterFeatureRequirement: {}
  StepInputExpressionRequirement: {}
  MultipleInputFeatureRequirement: {}
inputs:
  library: {type: string, doc: Its name.}
  assembly: {type: string, doc: Name of the genome assembly.}
  fastq1:
    type: File[]
    doc: Read 1 of each lane.
  fastq2:
    type: File[]
    doc: Read 2 of each lane, in the same order.
  index: {type: [Directory, File]}
  chromsizes: File
  aligner:
    type:
      type: enum
      symbols: [embedded, bwa, bwa-mem2, minimap2]
  min_mapq: int
  walks_policy:
    type:
      type: enum
      symbols: [mask, 5any, 5unique, 3any, 3unique, all]
  max_molecule_size: int
  max_inter_align_gap: int
  max_mismatch: int
  method:
    type:
      type: enum
      symbols: [max, sum]
  backend:
    type:
      type: enum
      symbols: [cython, scipy]
  pair_types: string[]
  drop_same_fragment: boolean
  fragments: File?
  threads: int
  memory: int
  ram: int
  disk: int
steps:
  align:
    run: hicloom-align.cwl
    scatter: [fastq1, fastq2]
    scatterMethod: dotproduct
    in:
      library: library
      fastq1: fastq1
      fastq2: fastq2
      index: index
      chromsizes: chromsizes
      aligner: aligner
      output: {valueFrom: $(inputs.library).bam}
      threads: threads
      ram: ram
      disk: disk
    out: [output_file]
  bam2pairs:
    run: hicloom-bam2pairs.cwl
    scatter: bam
    in:
      library: library
      bam: align/output_file
      chromsizes: chromsizes
      assembly: assembly
      min_mapq: min_mapq
      walks_policy: walks_policy
      max_molecule_size: max_molecule_size
      max_inter_align_gap: max_inter_align_gap
      output: {valueFrom: $(inputs.library).lane.pairs.gz}
      threads: threads
      memory: memory
      ram: ram
      disk: disk
    out: [output_file]
  merge_pairs:
    run: hicloom-merge-pairs.cwl
    in:
      library: library
      pairs: bam2pairs/output_file
      output: {valueFrom: $(inputs.library).merged.pairs.gz}
      threads: threads
      ram: ram
      disk: disk
    out: [output_file]
  annotate_fragments:
    run: hicloom-annotate-fragments.cwl
    when: $(inputs.drop_same_fragment)
    in:
      library: library
      drop_same_fragment: drop_same_fragment
      pairs: merge_pairs/output_file
      fragments: {source: fragments, valueFrom: $(self)}
      replace: {default: true}
      output: {valueFrom: $(inputs.library).fragments.pairs.gz}
      threads: threads
      ram: ram
      disk: disk
    out: [output_file]
  dedup:
    run: hicloom-dedup.cwl
    in:
      library: library
      assembly: assembly
      pairs:
        source: [annotate_fragments/output_file, merge_pairs/output_file]
        pickValue: first_non_null
      max_mismatch: max_mismatch
      method: method
      backend: backend
      output: {valueFrom: $(inputs.library).unique.pairs.gz}
      stats: {valueFrom: $(inputs.library).$(inputs.assembly).stats.tsv}
      stats_json: {valueFrom: $(inputs.library).$(inputs.assembly).stats.json}
      qc: {valueFrom: $(inputs.library).$(inputs.assembly).qc.json}
      name: library
      chromsizes: chromsizes
      fragments: fragments
      threads: threads
      ram: ram
      disk: disk
    out: [output_file, stats_file, stats_json_file, qc_file]
  filter:
    run: hicloom-filter.cwl
    in:
      library: library
      assembly: assembly
      pairs: dedup/output_file
      pair_types: pair_types
      drop_same_fragment: drop_same_fragment
      chromsizes: chromsizes
      output: {valueFrom: $(inputs.library).$(inputs.assembly).pairs.gz}
      threads: threads
      ram: ram
      disk: disk
    out: [output_file]
outputs:
  pairs:
    type: File
    doc: "{library}.{assembly}.pairs.gz: without duplicates, sorted."
    secondaryFiles: [{pattern: .px2, required: false}]
    outputSource: filter/output_file
  stats:
    type: File?
    doc: "{library}.{assembly}.stats.tsv: pairtools' statistics."
    outputSource: dedup/stats_file
  stats_json:
    type: File?
    doc: "{library}.{assembly}.stats.json: the same numbers."
    outputSource: dedup/stats_json_file
  qc:
    type: File?
    doc: "{library}.{assembly}.qc.json: every number, with its verdict."
    outputSource: dedup/qc_file
