// The part of WebAssembly that is used here: TypeScript knows it only together with all of the browser.
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer
    /** Adds pages of 64 KiB; views of the buffer have to be made anew. */
    grow(pages: number): number
  }
  interface Module {
    readonly [Symbol.toStringTag]: string
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>
  }
  const Memory: new (size: { readonly initial: number }) => Memory
  const Module: new (code: Uint8Array) => Module
  const Instance: new (module: Module, imports: { readonly env: { readonly memory: Memory } }) => Instance
}
