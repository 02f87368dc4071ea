/** The table of stations: what the overview, the command palette and the address know of each. */
export interface StationProps {
  /** The state it starts with, as its own codec writes it; empty for its own start. */
  readonly address: string
}

/** `slug` names it in the address; the question is what one can answer after it. */
export const stations = [
  {
    slug: 'mcculloch-pitts',
    title: 'McCulloch-Pitts neuron',
    question: 'What can a unit compute that only adds up and fires?'
  },
  {
    slug: 'perceptron',
    title: 'Perceptron',
    question: 'Can a unit find the line between two classes by itself, and when does it never end?'
  },
  {
    slug: 'adaline',
    title: 'Adaline and Madaline',
    question: 'What is gained by learning from how wrong, not only from whether wrong?'
  },
  {
    slug: 'activations',
    title: 'Activation functions',
    question: 'What does a unit do with its weighted sum, and what is left of the gradient behind it?'
  },
  {
    slug: 'descent',
    title: 'Cost and gradient descent',
    question: 'How does one find the weights of least cost, and how far may a step go?'
  },
  {
    slug: 'saddle',
    title: 'Local minima and saddle points',
    question: 'Where does descent come to rest, and is that the lowest place?'
  },
  {
    slug: 'sigmoid',
    title: 'A neuron with sigmoid',
    question: 'How does a weight know which way to go, and why do some costs teach badly?'
  },
  {
    slug: 'graph',
    title: 'Computation graph',
    question: 'How does a computer differentiate any formula?'
  },
  {
    slug: 'regions',
    title: 'Decision regions',
    question: 'What can one, two and three layers fence in, and how many units does that take?'
  },
  {
    slug: 'backprop',
    title: 'Backpropagation',
    question: 'Why did this weight move, and by how much?'
  },
  {
    slug: 'stopping',
    title: 'Epoch, batch, stopping',
    question: 'When has a network learned enough, and who can tell?'
  },
  {
    slug: 'trial',
    title: 'Topology by trial and error',
    question: 'How large should a network be for the points there are?'
  },
  {
    slug: 'history',
    title: 'A short history',
    question: 'Who found what, and in answer to which question?'
  }
] as const satisfies readonly { slug: string; title: string; question: string }[]

export type Station = (typeof stations)[number]
export type StationSlug = Station['slug']

/** Finds a station by its name in the address. */
export const stationOf = (slug: string | null): Station | undefined => stations.find((one) => one.slug === slug)
