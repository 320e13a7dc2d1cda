#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: Workflow
label: "Hi-C: the reads of one group to its pairs and contact maps (.mcool, .hic)."
doc: |
  A group is one sample: its libraries are pooled after duplicates were removed in each, the
  lanes of a library are joined before. The steps and their options are those of the
  Snakemake workflow, and so are the results. Several groups, or several filters, are as
  many runs.

  threads, memory, ram and disk hold for each job, and `cwltool --parallel` runs as many jobs
  as the machine has room for. The defaults do for small genomes; for a human one take 8
  threads, memory 8000, ram 16000 and disk as large as the reads.
requirements:
  ScatterFeatureRequirement: {}
  StepInputExpressionRequirement: {}
  SubworkflowFeatureRequirement: {}
  MultipleInputFeatureRequirement: {}
inputs:
  group:
    type: string
    doc: The sample's name, part of the names of files.
  assembly:
    type: string
    doc: Name of the genome assembly, part of the names of files.
  libraries:
    type: string[]
    doc: Names of the libraries.
  fastq1:
    type: {type: array, items: {type: array, items: File}}
    doc: Read 1, for each library a list of its lanes.
  fastq2:
    type: {type: array, items: {type: array, items: File}}
    doc: Read 2, in the same order.
  index:
    type: [Directory, File]
    doc: The aligner's index, as `hicloom index-genome` makes it, a folder or a .tgz.
  chromsizes:
    type: File
    doc: Chromosomes of the maps and their lengths (bp); pairs on others are dropped.
  aligner:
    type:
      type: enum
      symbols: [embedded, bwa, bwa-mem2, minimap2]
    default: embedded
    doc: embedded is bwa inside hicloom.
  min_mapq:
    type: int
    default: 1
    doc: Below it an alignment counts as multi-mapped.
  walks_policy:
    type:
      type: enum
      symbols: [mask, 5any, 5unique, 3any, 3unique, all]
    default: mask
    doc: What becomes of reads with more than two alignments.
  max_molecule_size:
    type: int
    default: 2000
    doc: Longest ligated molecule (bp) in which a chimeric read is rescued.
  max_inter_align_gap:
    type: int
    default: 20
    doc: Longest unaligned stretch (bp) of a read that is overlooked.
  max_mismatch:
    type: int
    default: 3
    doc: Largest distance (bp) between the ends of duplicates.
  method:
    type:
      type: enum
      symbols: [max, sum]
    default: max
    doc: Whether the larger distance of the two ends or their sum is held against max_mismatch.
  backend:
    type:
      type: enum
      symbols: [cython, scipy]
    default: cython
    doc: The algorithm of pairtools; for scipy, duplicates of duplicates are duplicates.
  pair_types:
    type: string[]
    default: [UU, UR, RU]
    doc: Pair types to keep.
  drop_same_fragment:
    type: boolean
    default: false
    doc: Drop pairs with both ends on one restriction fragment; needs fragments.
  fragments:
    type: File?
    doc: Restriction sites, as `hicloom fragments` lists them.
  filter_name:
    type: string
    default: no_filter
    doc: Name of the filter, part of the names of maps.
  expression:
    type: string
    default: ""
    doc: Which pairs make the maps, such as `mapq1 >= 30 and mapq2 >= 30`; empty for all.
  bin_size:
    type: int
    default: 1000
    doc: Bin size (bp) of the map that the others are made of; it divides all resolutions.
  resolutions:
    type: int[]?
    doc: |
      Bin sizes in bp (default: 1000 to 10000000 in 13 steps, up to the longest chromosome).
  ignore_diags:
    type: int
    default: 2
    doc: "Balancing: diagonals left out, the main one first."
  mad_max:
    type: int
    default: 5
    doc: |
      Balancing: bins with a log sum this many median absolute deviations below the median
      are left out.
  min_nnz:
    type: int
    default: 10
    doc: "Balancing: bins with fewer pixels are left out."
  max_iters:
    type: int
    default: 200
    doc: Balancing that has not converged by then is reported so.
  engine:
    type:
      type: enum
      symbols: [hicloom, juicer]
    default: hicloom
    doc: What makes the .hic; juicer is juicer_tools, which needs Java.
  norms:
    type: string[]
    default: [VC, VC_SQRT, KR, SCALE]
    doc: Of VC, VC_SQRT, KR and SCALE those that the .hic gets.
  threads:
    type: int
    default: 2
    doc: Threads of a job.
  memory:
    type: int
    default: 2048
    doc: Memory (MB) that a job's sorting, binning or norms may take; half of ram.
  ram:
    type: int
    default: 4096
    doc: Memory (MB) to ask the machine for, for each job.
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, for each job.
steps:
  library:
    run: hic-library.cwl
    scatter: [library, fastq1, fastq2]
    scatterMethod: dotproduct
    in:
      library: libraries
      assembly: assembly
      fastq1: fastq1
      fastq2: fastq2
      index: index
      chromsizes: chromsizes
      aligner: aligner
      min_mapq: min_mapq
      walks_policy: walks_policy
      max_molecule_size: max_molecule_size
      max_inter_align_gap: max_inter_align_gap
      max_mismatch: max_mismatch
      method: method
      backend: backend
      pair_types: pair_types
      drop_same_fragment: drop_same_fragment
      fragments: fragments
      threads: threads
      memory: memory
      ram: ram
      disk: disk
    out: [pairs, stats, stats_json, qc]
  merge_pairs:
    run: hicloom-merge-pairs.cwl
    in:
      group: group
      assembly: assembly
      pairs: library/pairs
      output: {valueFrom: $(inputs.group).$(inputs.assembly).pairs.gz}
      threads: threads
      ram: ram
      disk: disk
    out: [output_file]
  filter:
    run: hicloom-filter.cwl
    in:
      group: group
      assembly: assembly
      name: filter_name
      pairs: merge_pairs/output_file
      expression: expression
      output: {valueFrom: $(inputs.group).$(inputs.assembly).$(inputs.name).pairs.gz}
      threads: threads
      ram: ram
      disk: disk
    out: [output_file]
  cload:
    run: hicloom-cload.cwl
    in:
      group: group
      pairs: filter/output_file
      bin_size: bin_size
      chromsizes: chromsizes
      assembly: assembly
      output: {valueFrom: $(inputs.group).cool}
      threads: threads
      memory: memory
      ram: ram
      disk: disk
    out: [output_file]
  zoomify:
    run: hicloom-zoomify.cwl
    in:
      group: group
      cool: cload/output_file
      resolutions: resolutions
      ignore_diags: ignore_diags
      mad_max: mad_max
      min_nnz: min_nnz
      max_iters: max_iters
      output: {valueFrom: $(inputs.group).balanced.mcool}
      threads: threads
      memory: memory
      ram: ram
      disk: disk
    out: [output_file]
  make_hic:
    run: hicloom-hic.cwl
    in:
      group: group
      assembly: assembly
      name: filter_name
      source: zoomify/output_file
      engine: engine
      norms: norms
      output: {valueFrom: $(inputs.group).$(inputs.assembly).$(inputs.name).hic}
      threads: threads
      memory: memory
      ram: ram
      disk: disk
    out: [output_file]
  add_hic_norms:
    run: hicloom-add-hic-norms.cwl
    in:
      group: group
      assembly: assembly
      name: filter_name
      hic: make_hic/output_file
      mcool: zoomify/output_file
      output: {valueFrom: $(inputs.group).$(inputs.assembly).$(inputs.name).mcool}
      threads: threads
      ram: ram
      disk: disk
    out: [output_file]
  gather_libraries:
    run: hic-folder.cwl
    in:
      group: group
      assembly: assembly
      name: {valueFrom: $(inputs.group).$(inputs.assembly).libraries}
      files: library/pairs
      indexed: library/pairs
      disk: disk
    out: [folder]
  gather_stats:
    run: hic-folder.cwl
    in:
      group: group
      assembly: assembly
      name: {valueFrom: $(inputs.group).$(inputs.assembly).stats}
      files:
        source: [library/stats, library/stats_json, library/qc]
        linkMerge: merge_flattened
      disk: disk
    out: [folder]
outputs:
  pairs:
    type: File
    doc: "{group}.{assembly}.pairs.gz: the pairs of all libraries, with their index."
    secondaryFiles: [{pattern: .px2, required: true}]
    outputSource: merge_pairs/output_file
  mcool:
    type: File
    format: http://edamontology.org/format_3590  # HDF5
    doc: "{group}.{assembly}.{filter_name}.mcool: balanced, with the norms of the .hic."
    outputSource: add_hic_norms/output_file
  hic:
    type: File
    doc: "{group}.{assembly}.{filter_name}.hic: the same map for Juicebox."
    outputSource: make_hic/output_file
  library_pairs:
    type: Directory
    doc: "{group}.{assembly}.libraries: {library}.{assembly}.pairs.gz and .px2."
    outputSource: gather_libraries/folder
  library_stats:
    type: Directory
    doc: "{group}.{assembly}.stats: {library}.{assembly}.stats.tsv, .stats.json and .qc.json."
    outputSource: gather_stats/folder
