import { type Alias, isAlias, isMap, isPair, isScalar, isSeq, type Node } from 'yaml';

/** The node of each alias in a document: the last one before it with that anchor. */
export type Aliases = ReadonlyMap<Node, Node>;

/** Resolves aliases in one pass over the document. Aliases of unknown anchors are left out. */
export function followAliases(contents: Node | null): Aliases {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node>();
  const open: unknown[] = [contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isPair(node)) open.push(node.value, node.key);
    else if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) aliases.set(node, target);
    } else if (isScalar(node) || isMap(node) || isSeq(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      // In the order of the file: the last one pushed is visited first.
      if (!isScalar(node)) for (let index = node.items.length - 1; index >= 0; index--) open.push(node.items[index]);
    }
  }
  return aliases;
}
