/** Every property is there, and none is undefined. */
export type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };
