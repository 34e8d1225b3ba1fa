// The config that a newcomer edits first.

export const EXAMPLE = `# A small VoVNet: each OSA module joins the outputs of its layers once.
# Change a number, and watch what it costs. Control-Space shows what can stand where.
name: my-backbone
input: 3x224x224

layers:
  - { convNorm: { channels: 64, stride: 2 }, stage: stem }
  - { convNorm: { channels: 64 } }
  - { convNorm: { channels: 128, stride: 2 } }
  - { osa: { layers: 5, growth: 64, channels: 128 }, stage: stage2, name: osa2 }
  - { maxPool: { kernel: 3, stride: 2, ceil: true }, stage: stage3 }
  - { osa: { layers: 5, growth: 80, channels: 256 }, name: osa3 }
  - { maxPool: { kernel: 3, stride: 2, ceil: true }, stage: stage4 }
  - { osa: { layers: 5, growth: 96, channels: 384 }, name: osa4 }
  - { maxPool: { kernel: 3, stride: 2, ceil: true }, stage: stage5 }
  - { osa: { layers: 5, growth: 112, channels: 512 }, name: osa5 }
  - { globalAvgPool: {}, stage: head }
  - flatten
  - { linear: { features: 1000 }, name: classifier }
`;
