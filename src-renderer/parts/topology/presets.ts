/** Topologies to start from, as text: where it helps, sizes follow the data. */
export const presets = [
  { name: 'No hidden layer, a linear model', text: 'none' },
  { name: 'One small layer', text: '8' },
  { name: 'One layer, mean of inputs and outputs', text: 'a' },
  { name: 'One layer, as wide as the inputs', text: 'i' },
  { name: 'Two layers', text: '64x32' },
  { name: 'Funnel', text: '2a x a' },
  { name: 'Bottleneck', text: 'i x i/4 x i' },
  { name: 'Deep, 4 x 32', text: '32x32x32x32' },
  { name: 'Deep with batch normalisation', text: '64:batchnorm x 64:batchnorm x 64:batchnorm' },
  { name: 'Wide with dropout', text: '256:dropout=0.3 x 128:dropout=0.3' }
] as const
