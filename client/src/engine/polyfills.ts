// Every page imports this before everything else. The five methods take one line each; the core-js polyfills for them
// take 14 kB of the wall's budget of 330 kB.

interface Polyfill {
  readonly owner: object
  readonly name: string
  readonly make: (this: never, ...args: never[]) => unknown
}

/** What the oldest engine lacks and the pages use. The build check reports anything missing here. */
export const polyfills: readonly Polyfill[] = [
  {
    owner: Array.prototype,
    name: 'at',
    make(this: readonly unknown[], index: number) {
      const whole = Math.trunc(index) || 0
      return this[whole < 0 ? this.length + whole : whole]
    },
  },
  {
    owner: Array.prototype,
    name: 'toReversed',
    make(this: readonly unknown[]) {
      // oxlint-disable-next-line unicorn/no-array-reverse -- this polyfills `toReversed`
      return Array.from(this).reverse()
    },
  },
  {
    owner: Array.prototype,
    name: 'toSorted',
    make(this: readonly unknown[], compare?: (a: unknown, b: unknown) => number) {
      // oxlint-disable-next-line unicorn/no-array-sort -- this polyfills `toSorted`
      return Array.from(this).sort(compare)
    },
  },
  {
    owner: Object,
    name: 'hasOwn',
    make: (target: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(target, key),
  },
  {
    owner: Promise,
    name: 'withResolvers',
    make() {
      let resolve: unknown
      let reject: unknown
      const promise = new Promise((...settle) => ([resolve, reject] = settle))
      return { promise, resolve, reject }
    },
  },
]

for (const { owner, name, make } of polyfills) {
  if (!(name in owner)) Object.defineProperty(owner, name, { value: make, writable: true, configurable: true })
}
