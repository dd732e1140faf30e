// A tree of merges as scipy numbers them: leaves 0 to k - 1, then the merges in order.
class Tree {
  constructor({ left, right, height, sizes, merged }) {
    const leaves = this.leaves = sizes.length, nodes = leaves + left.length;
    Object.assign(this, { left, right, sizes, merged, nodes, root: nodes - 1 });
    this.height = [...new Array(leaves).fill(0), ...height];
    this.weight = [...sizes];
    this.holds = new Array(leaves).fill(0);
    this.parent = new Array(nodes).fill(-1);
    left.forEach((one, n) => {
      const other = right[n], node = leaves + n;
      this.weight.push(this.weight[one] + this.weight[other]);
      // A merge below one of its own parts, as centroid linkage may have it, holds only from that part's height on.
      this.holds.push(Math.max(height[n], this.holds[one], this.holds[other]));
      this.parent[one] = this.parent[other] = node;
    });
    this.sorted = this.holds.slice(leaves).sort((a, b) => a - b);
    this.place();
  }

  get total() { return this.weight[this.root]; }

  // The leaves below a node, from top to bottom of the picture; a chain of merges may be deep, so no recursion.
  below(node) {
    const found = [], waiting = [node];
    while (waiting.length) {
      const here = waiting.pop();
      if (here < this.leaves) found.push(here);
      else waiting.push(this.right[here - this.leaves], this.left[here - this.leaves]);
    }
    return found;
  }

  place() {
    this.y = new Array(this.nodes).fill(0);
    this.below(this.root).forEach((leaf, n) => { this.y[leaf] = (n + 0.5) / this.leaves; });
    for (let node = this.leaves; node < this.nodes; node++) this.y[node] = (this.y[this.left[node - this.leaves]] + this.y[this.right[node - this.leaves]]) / 2;
  }

  // The numbers of clusters that some threshold gives, up to a number; merges that tie leave gaps.
  counts(most) {
    const found = [];
    for (let count = 1; count <= Math.min(most, this.leaves); count++) {
      const [low, below] = this.thresholds(count);
      if (low < below) found.push(count);
    }
    return found;
  }

  // The lowest threshold that gives so many clusters, and where the next lower number begins.
  thresholds(count) {
    const made = this.leaves - count;
    return [made ? this.sorted[made - 1] : 0, made < this.sorted.length ? this.sorted[made] : Infinity];
  }

  threshold(count) {
    const [low, below] = this.thresholds(count), middle = (low + below) / 2;
    return below === Infinity || middle >= below ? low : middle;
  }

  // The nodes that are the clusters at a threshold, the heaviest first.
  cut(threshold) {
    const found = [];
    for (let node = 0; node < this.nodes; node++) {
      if (this.holds[node] <= threshold && (this.parent[node] < 0 || this.holds[this.parent[node]] > threshold)) found.push(node);
    }
    return found.sort((a, b) => this.weight[b] - this.weight[a]);
  }
}
