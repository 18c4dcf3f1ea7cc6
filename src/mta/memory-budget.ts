/**
 * Octets that may be in memory at once. Who wants some waits until others have given back enough, in order of asking, so
 * that a large share is not passed over for ever by small ones.
 */
export class MemoryBudget {
  readonly #total: number;
  readonly #queue: { readonly share: number; readonly grant: () => void }[] = [];
  #free: number;

  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /**
   * Waits for a share. One that is larger than all there is gets all there is.
   * @returns what gives it back; call it once
   */
  async acquire(octets: number): Promise<() => void> {
    const share = Math.min(octets, this.#total);
    if (this.#queue.length > 0 || share > this.#free) {
      await new Promise<void>((resolve) => this.#queue.push({ share, grant: resolve }));
    } else this.#free -= share;
    return () => {
      this.#free += share;
      this.#grant();
    };
  }

  #grant(): void {
    for (let next = this.#queue[0]; next && next.share <= this.#free; next = this.#queue[0]) {
      this.#queue.shift();
      this.#free -= next.share;
      next.grant();
    }
  }
}
