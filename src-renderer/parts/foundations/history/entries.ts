/** What happened when, in a few lines each, and the station that shows it. */
import type { StationSlug } from '#renderer/parts/foundations/stations.ts'

export interface HistoryEntry {
  readonly year: number
  readonly title: string
  readonly text: string
  readonly station: StationSlug | null
}

export const history: readonly HistoryEntry[] = [
  {
    year: 1943,
    title: 'McCulloch and Pitts: the neuron as a gate',
    text: 'Binary inputs, a threshold, an output. Nets of such units compute any formula of logic. They do not learn.',
    station: 'mcculloch-pitts'
  },
  {
    year: 1951,
    title: 'Robbins and Monro: steps on samples',
    text: 'Steps along noisy measurements, with rates that fall in the right way, find what they seek: the root of stochastic gradient descent.',
    station: 'descent'
  },
  {
    year: 1958,
    title: 'Rosenblatt: the perceptron',
    text: 'Weights that learn from mistakes. Novikoff proves in 1962 that this ends wherever a line separates the classes.',
    station: 'perceptron'
  },
  {
    year: 1960,
    title: 'Widrow and Hoff: Adaline',
    text: 'Learning from the size of the error, before the sign is taken: least mean squares. Many of them make a Madaline.',
    station: 'adaline'
  },
  {
    year: 1969,
    title: 'Minsky and Papert: Perceptrons',
    text: 'A book proves what one layer of units can not do, XOR among it. Interest and money go elsewhere for years.',
    station: 'regions'
  },
  {
    year: 1974,
    title: 'Werbos: backpropagation',
    text: 'His thesis runs the chain rule backwards through a whole system. Four years earlier Linnainmaa had differentiated programs that way. Few read either.',
    station: 'graph'
  },
  {
    year: 1986,
    title: 'Rumelhart, Hinton and Williams',
    text: 'Backpropagation again, and now widely read: hidden layers find out by themselves what to represent.',
    station: 'backprop'
  },
  {
    year: 1989,
    title: 'Universal approximation',
    text: 'Cybenko, and Hornik, Stinchcombe and White: one hidden layer comes as near to any continuous function as one likes, given enough units.',
    station: 'regions'
  },
  {
    year: 1991,
    title: 'Hochreiter: vanishing gradients',
    text: 'A diploma thesis finds why many layers hardly learn: the gradient shrinks on its way back, layer by layer.',
    station: 'activations'
  },
  {
    year: 1992,
    title: 'Geman, Bienenstock and Doursat: bias and variance',
    text: 'Too simple a network is wrong the same way each time, too rich a one in another way each time. Between them one has to choose.',
    station: 'trial'
  },
  {
    year: 1998,
    title: 'Prechelt: early stopping, but when?',
    text: 'Long in use, now compared: how long to wait for a better validation error before training ends.',
    station: 'stopping'
  },
  {
    year: 2010,
    title: 'Glorot and Bengio: better starts',
    text: 'First weights by the size of a layer; with ReLU (Nair and Hinton 2010, Glorot and others 2011) deep networks train directly.',
    station: 'activations'
  },
  {
    year: 2012,
    title: 'Krizhevsky, Sutskever and Hinton: ImageNet',
    text: 'A deep network trained on graphics cards wins a contest of recognising images by far. Deep learning spreads everywhere.',
    station: 'activations'
  },
  {
    year: 2014,
    title: 'Dauphin and others: saddle points; Adam',
    text: 'In many dimensions the places where descent crawls are mostly saddles. Kingma and Ba describe Adam, the optimizer most used since.',
    station: 'saddle'
  },
  {
    year: 2017,
    title: 'Vaswani and others: the transformer',
    text: 'Attention, and behind it in every block a feedforward network with one hidden layer: just what this lab trains.',
    station: 'backprop'
  },
  {
    year: 2024,
    title: 'A Nobel prize for Hopfield and Hinton',
    text: 'In physics, for what made machine learning with artificial neural networks possible. Networks answer, translate and draw; each weight still moves by its gradient.',
    station: 'trial'
  }
]
