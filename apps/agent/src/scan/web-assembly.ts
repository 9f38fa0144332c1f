/** A memory that WebAssembly works in. */
export interface Memory {
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

/** The part of WebAssembly that is used here. */
interface Known {
  readonly Memory: new (size: { readonly initial: number }) => Memory
  readonly Module: new (code: Uint8Array) => Module
  readonly Instance: new (module: Module, imports: { readonly env: { readonly memory: Memory } }) => Instance
}

// TypeScript knows it only together with all of the browser, which this program is not for.
declare const WebAssembly: Known

export const { Memory: WasmMemory, Module: WasmModule, Instance: WasmInstance } = WebAssembly
