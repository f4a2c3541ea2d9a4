// A series of any length in a bounded number of items.
//
// When there would be more than `most` (even), neighbours are merged two by two, and from then on as many of what comes
// go into one: the whole series stays equally fine. The page keeps a run's curves in these, so that a run of days takes
// no more memory than one of minutes. (The front end's C++ does the same: ui/kit/downsampled_series.h.)

export class DownsampledSeries {
  #most;
  #merge;
  #items = [];
  #newest;
  #perItem = 1;
  #inLast = 0;

  // merge(earlier, count, later, laterCount): one item for `count` before and `laterCount` after them.
  constructor(most, merge) {
    this.#most = most;
    this.#merge = merge;
  }

  add(item) {
    this.#newest = item;
    if (this.#items.length > 0 && this.#inLast < this.#perItem) {
      this.#items.push(this.#merge(this.#items.pop(), this.#inLast++, item, 1));
      return;
    }
    if (this.#items.length === this.#most) {
      const all = this.#items;
      this.#items = Array.from({ length: this.#most / 2 }, (_, i) =>
        this.#merge(all[2 * i], this.#perItem, all[2 * i + 1], this.#perItem),
      );
      this.#perItem *= 2;
    }
    this.#items.push(item);
    this.#inLast = 1;
  }

  // A copy of what is kept, oldest first; the last item may hold fewer than the others.
  items() {
    return [...this.#items];
  }

  // As it came; undefined before the first.
  get newest() {
    return this.#newest;
  }
}

// Means of the losses, where and when the last of them was.
export function meanOfLosses(earlier, count, later, laterCount) {
  const share = laterCount / (count + laterCount);
  const mean = (key) => earlier[key] + share * (later[key] - earlier[key]);
  return { ...later, loss: mean('loss'), penalty: mean('penalty') };
}

export function lastOfEpochs(earlier, count, later) {
  return later;
}
