/*
 * A program that calls for memory at random: random_memory SEED BEFORE AFTER. Copies /proc/self/maps to the file
 * BEFORE, makes some dozens of calls drawn from SEED, many of which fail, and copies it to the file AFTER. It touches
 * none of that memory, so the calls alone decide what is mapped. It keeps away from what it was born with, of which a
 * capture knows nothing: a fence lies below the vDSO.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, ARENA_PAGES = 48, FENCE_PAGES = 64, CALLS = 60, PLACES = 8 };

static char *const arena = (char *)0x100000000000;
static uint64_t state;
static char *place[PLACES];             /* mapped where Linux chose */
static size_t place_size[PLACES];

static uint64_t draw(uint64_t below)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (state >> 11) % below;
}

static void copy_maps(const char *path)
{
        static char buffer[1 << 16];
        int in = open("/proc/self/maps", O_RDONLY), out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ssize_t got;

        while ((got = read(in, buffer, sizeof buffer)) > 0)
                if (write(out, buffer, (size_t)got) != got)
                        exit(1);
        close(in);
        close(out);
}

static int a_protection(void)
{
        return (int)draw(8);
}

static size_t a_size(void)
{
        size_t size = (1 + draw(12)) * PAGE;

        return draw(4) ? size : size - draw(PAGE);
}

static char *an_address(void)
{
        size_t i = draw(PLACES);

        if (draw(3) == 0 && place[i])
                return place[i] + draw(place_size[i] / PAGE + 1) * PAGE;
        return arena + draw(ARENA_PAGES) * PAGE;
}

static void map(void)
{
        static const int kinds[] = { MAP_PRIVATE, MAP_SHARED, MAP_PRIVATE | MAP_NORESERVE, MAP_PRIVATE | MAP_STACK,
                                     MAP_PRIVATE | MAP_GROWSDOWN };
        static const int fixed[] = { 0, MAP_FIXED, MAP_FIXED, MAP_FIXED_NOREPLACE };
        int how = fixed[draw(4)], kind = kinds[draw(5)] | how;
        size_t size = draw(30) ? a_size() : 0, i = draw(PLACES);
        char *at = how || draw(2) ? an_address() : NULL, *got;
        int file = draw(3) ? -1 : memfd_create("pool", 0);

        if (file >= 0)
                kind &= ~MAP_GROWSDOWN;
        got = mmap(at, size, a_protection(), file < 0 ? kind | MAP_ANONYMOUS : kind, file, 0);
        if (file >= 0)
                close(file);
        if (got != MAP_FAILED && !how) {
                place[i] = got;
                place_size[i] = (size + PAGE - 1) / PAGE * PAGE;
        }
}

static void unmap(void)
{
        char *at = draw(12) ? an_address() : NULL;

        munmap(draw(20) ? at : at + 1, draw(20) ? a_size() : 0);
}

static void protect(void)
{
        mprotect(draw(20) ? an_address() : arena + 1, draw(20) ? a_size() : 0,
                 a_protection() | (draw(6) ? 0 : PROT_GROWSDOWN));
}

static void remap(void)
{
        static const int ways[] = { 0, MREMAP_MAYMOVE, MREMAP_MAYMOVE, MREMAP_MAYMOVE | MREMAP_FIXED,
                                    MREMAP_MAYMOVE | MREMAP_DONTUNMAP };
        char *at = an_address();
        size_t old = draw(15) ? a_size() : 0;

        syscall(SYS_mremap, at, old, draw(4) ? a_size() : old, ways[draw(5)], an_address());
}

static void move_break(void)
{
        char *now = (char *)syscall(SYS_brk, 0);

        syscall(SYS_brk, draw(3) ? now + a_size() : now - a_size());
        if (draw(6) == 0)
                mprotect((char *)((uintptr_t)now & -PAGE), PAGE, a_protection());
        if (draw(8) == 0)
                munmap((char *)((uintptr_t)now & -PAGE) - PAGE, PAGE);
}

static void share(void)
{
        int segment = shmget(IPC_PRIVATE, a_size(), IPC_CREAT | 0600);
        void *at = shmat(segment, NULL, draw(2) ? SHM_RDONLY : 0);

        if (draw(2))
                shmdt(at);
        shmctl(segment, IPC_RMID, NULL);
}

int main(int count, char **word)
{
        static void (*const calls[])(void) = { map, map, map, unmap, unmap, protect, protect, remap, remap, move_break,
                                               share };

        if (count != 4)
                return 2;
        state = strtoull(word[1], NULL, 10) * 0x9e3779b97f4a7c15 + 1;
        for (int i = 0; i < 8; i++)
                draw(2);
        copy_maps(word[2]);
        mmap(NULL, FENCE_PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (int i = 0; i < CALLS; i++)
                calls[draw(sizeof calls / sizeof *calls)]();
        copy_maps(word[3]);
        return 0;
}
