/*
 * Ordered sets as peers: std::set and Boost.Intrusive. They know no gaps, so holes are found by walking from the
 * lowest region, as SerenityOS did. Both are asked in the same words for the first region that ends above an
 * address: since regions do not overlap, one descent tells whether it holds the address, and whether a range below
 * it is free.
 */
#include "peer.h"

#include <boost/intrusive/set.hpp>
#include <set>
#include <vector>

namespace {

struct by_address {
        using is_transparent = void;

        template<typename A, typename B>
        requires (!std::integral<A> && !std::integral<B>)
        bool operator()(const A &a, const B &b) const { return a.base < b.base; }

        template<typename A>
        bool operator()(const A &region, uintptr_t address) const { return region.end <= address; }

        template<typename B>
        bool operator()(uintptr_t address, const B &region) const { return address < region.base; }
};

/* std::set allocates its nodes: four words of links and colour, and one of the allocator's, come with an entry. */
class with_std_set {
        struct entry {
                uintptr_t base, end;
                particulars more;
                char padding[NODE_SIZE - 5 * sizeof(void *) - 2 * sizeof(uintptr_t) - sizeof(particulars)];
        };

public:
        std::set<entry, by_address> regions;

        explicit with_std_set(size_t capacity) : where(capacity) {}
        ~with_std_set() = default;
        auto first_ending_above(uintptr_t address) { return regions.lower_bound(address); }
        void remove(size_t slot) { regions.erase(where[slot]); }

        template<typename Iterator>
        void insert_before(Iterator next, size_t slot, uintptr_t base, uintptr_t end)
        {
                where[slot] = regions.emplace_hint(next, entry{base, end, {}, {}});
        }

private:
        std::vector<std::set<entry, by_address>::iterator> where;
};

/* Boost's nodes are ours; the colour hides in the parent pointer. */
class with_boost {
        using hook = boost::intrusive::set_base_hook<boost::intrusive::optimize_size<true>,
                                                     boost::intrusive::link_mode<boost::intrusive::normal_link>>;
        struct alignas(64) node : hook {
                uintptr_t base, end;
                particulars more;
        };
        static_assert(sizeof(node) == NODE_SIZE);

public:
        boost::intrusive::set<node, boost::intrusive::compare<by_address>,
                              boost::intrusive::constant_time_size<false>> regions;

        explicit with_boost(size_t capacity) : nodes(capacity) {}
        ~with_boost() { regions.clear(); }
        auto first_ending_above(uintptr_t address) { return regions.lower_bound(address, by_address()); }
        void remove(size_t slot) { regions.erase(regions.iterator_to(nodes[slot])); }

        template<typename Iterator>
        void insert_before(Iterator next, size_t slot, uintptr_t base, uintptr_t end)
        {
                nodes[slot].base = base;
                nodes[slot].end = end;
                nodes[slot].more.guard_before = nodes[slot].more.guard_after = 0;
                regions.insert_before(next, nodes[slot]);
        }

private:
        std::vector<node> nodes;
};

/* What follows from the words that both understand. */
template<typename Set>
class ordered {
        Set set;
        uintptr_t range_base, range_end;

        explicit ordered(const struct layout &layout)
                : set(layout.capacity), range_base(layout.base), range_end(layout.end)
        {
                for (size_t slot = 0; slot < layout.count; slot++)
                        place(this, slot, layout.region[slot].base, layout.region[slot].size);
        }

        /* Yields the region above the hole, too. */
        uintptr_t search_hole(size_t size, size_t alignment, decltype(set.regions.begin()) &above)
        {
                uintptr_t reached = range_base;

                for (above = set.regions.begin(); above != set.regions.end(); ++above) {
                        if (uintptr_t base = fit(reached, above->base, size, alignment))
                                return base;
                        reached = above->end;
                }
                return fit(reached, range_end, size, alignment);
        }

public:
        static void *build(const struct layout *layout) { return new ordered(*layout); }
        static void destroy(void *self) { delete static_cast<ordered *>(self); }
        static void remove(void *self, size_t slot) { static_cast<ordered *>(self)->set.remove(slot); }

        static uintptr_t find(void *self, uintptr_t address)
        {
                Set &set = static_cast<ordered *>(self)->set;
                auto found = set.first_ending_above(address);

                if (found == set.regions.end() || !holds(found->base, found->end, &found->more, address))
                        return 0;
                return found->base;
        }

        static bool place(void *self, size_t slot, uintptr_t base, size_t size)
        {
                Set &set = static_cast<ordered *>(self)->set;
                auto above = set.first_ending_above(base);

                if (above != set.regions.end() && above->base < base + size)
                        return false;
                set.insert_before(above, slot, base, base + size);
                return true;
        }

        static uintptr_t search(void *self, size_t size, size_t alignment)
        {
                decltype(set.regions.begin()) above;

                return static_cast<ordered *>(self)->search_hole(size, alignment, above);
        }

        static uintptr_t place_anywhere(void *self, size_t slot, size_t size)
        {
                decltype(set.regions.begin()) above;
                uintptr_t base = static_cast<ordered *>(self)->search_hole(size, 4096, above);

                if (base)
                        static_cast<ordered *>(self)->set.insert_before(above, slot, base, base + size);
                return base;
        }
};

template<typename Set>
constexpr peer peer_of(const char *name)
{
        using keeper = ordered<Set>;

        return {name, BY_WALK, keeper::build, keeper::destroy, keeper::find, keeper::place, keeper::place_anywhere,
                keeper::remove, keeper::search, nullptr};
}

}

const struct peer peer_std_set = peer_of<with_std_set>("std::set");
const struct peer peer_boost = peer_of<with_boost>("Boost.Intrusive");
