/** The shapes of a state, each with its own form besides its colour: well, look here, on its way, lost, off. */
export type Mark = 'good' | 'problem' | 'waiting' | 'gone' | 'off'
