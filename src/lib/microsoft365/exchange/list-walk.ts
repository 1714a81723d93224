import type { ReadFailure } from '../wire/read';
import type { Room } from './recipient';
import type { MissingList, RoomGap, WalkedLists } from './target-rooms';

/** Puts together what the room lists of a target, and the lists within them, come to. Lists may be in each other. */
export class ListWalk {
  private readonly roots: readonly string[];
  private readonly seen = new Set<string>();
  private readonly lists = new Set<string>();
  private readonly missing = new Map<string, MissingList>();
  private readonly rooms = new Map<string, Room>();
  /** Address of a list → those of the lists within it. */
  private readonly within = new Map<string, Set<string>>();
  /** Address of a list → why it may hold more than is known. */
  private readonly problems = new Map<string, (ReadFailure | string)[]>();

  /** @param names of the target's lists, in any case. */
  constructor(names: readonly string[]) {
    this.roots = [...new Set(names.map((name) => name.toLowerCase()))].sort();
  }

  /** The lists of the target. */
  first(): { address: string; isNested: boolean }[] {
    for (const address of this.roots) this.seen.add(address);
    return this.roots.map((address) => ({ address, isNested: false }));
  }

  /** Those among these that were not come by yet. */
  fresh<Step extends { address: string }>(steps: readonly Step[]): Step[] {
    return steps.filter(({ address }) => !this.seen.has(address) && this.seen.add(address));
  }

  isSeen(address: string): boolean {
    return this.seen.has(address);
  }

  addList(address: string): void {
    this.lists.add(address);
  }

  /** @param instead what has its address and is no room list, with its article. */
  addMissing(address: string, instead?: string): void {
    this.missing.set(address, { address, ...(instead === undefined ? {} : { instead }) });
  }

  /** Notes that one list is in another, or is the same by another name. */
  addWithin(address: string, inner: string): void {
    this.within.set(address, (this.within.get(address) ?? new Set()).add(inner));
  }

  addProblem(address: string, problem: ReadFailure | string): void {
    this.problems.set(address, [...(this.problems.get(address) ?? []), problem]);
  }

  /** Of a room that is in several lists, that stays of which there is no doubt. */
  addRoom(room: Room): void {
    const known = this.rooms.get(room.address);
    if (known === undefined || known.doubt !== undefined) this.rooms.set(room.address, room);
  }

  result(): WalkedLists {
    const lists = [...this.lists].sort();
    const missingLists = [...this.missing.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
    const gaps = this.roots.flatMap((root) => this.gapsOf(root));
    return { rooms: [...this.rooms.values()], missingLists, gaps, lists };
  }

  /** What is not known of a list, or of any list within it. */
  private gapsOf(root: string): RoomGap[] {
    const reached = new Set([root]);
    // A set is gone through with what is added meanwhile.
    for (const address of reached) for (const inner of this.within.get(address) ?? []) reached.add(inner);
    return [...reached].flatMap((address) =>
      (this.problems.get(address) ?? []).map((problem) => ({ about: root, problem })),
    );
  }
}
