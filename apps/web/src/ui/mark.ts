/** The shapes of a state, each with its own form besides its colour: well, trouble, worth a look, on its way, lost, off. */
export type Mark = 'good' | 'problem' | 'look' | 'waiting' | 'gone' | 'off'
