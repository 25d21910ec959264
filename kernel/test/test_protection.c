/*
 * What the processor's own page tables allow, found by walking the tables that it uses.
 */
#include "arch/cpu.h"
#include "arch/page_entry.h"
#include "mm/direct_map.h"
#include "mm/page_table.h"
#include "test/test.h"

struct findings {
        size_t pages, writable_and_executable, executable;
};

/* `denied` gathers what the levels above forbid: a right counts only if every level gives it. */
static void walk(uintptr_t table, int level, page_entry denied, struct findings *findings)
{
        const page_entry *entries = direct_map(table & PAGE_FRAME);

        for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++) {
                page_entry denied_here = denied | (~entries[i] & PAGE_WRITE) | (entries[i] & PAGE_NO_EXECUTE);

                if (!(entries[i] & PAGE_PRESENT))
                        continue;
                if (level > 1 && !(entries[i] & PAGE_LARGE)) {
                        walk(entries[i], level - 1, denied_here, findings);
                        continue;
                }
                findings->pages++;
                findings->executable += !(denied_here & PAGE_NO_EXECUTE);
                findings->writable_and_executable += !denied_here;
        }
}

TEST(no_page_is_writable_and_executable)
{
        struct findings findings = { 0 };

        walk(cpu_page_table(), PAGE_TABLE_LEVELS, 0, &findings);
        CHECK(findings.pages > 0);
        CHECK(findings.writable_and_executable == 0);
}

TEST(only_the_kernels_code_is_executable)
{
        struct findings findings = { 0 };
        struct translation code;

        walk(cpu_page_table(), PAGE_TABLE_LEVELS, 0, &findings);
        CHECK(findings.executable == 1);
        CHECK(page_table_translate(&kernel_page_table, (uintptr_t)kernel_text_start, &code));
        CHECK(code.protection == (PROTECT_READ | PROTECT_EXECUTE));
}

TEST(the_direct_map_is_no_way_around_the_rights_of_code_and_constants)
{
        static const char constant[] = "constant";
        const char *const places[] = { kernel_text_start, constant };

        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
                const void *alias = direct_map(image_physical(places[i]));
                struct translation shown;

                CHECK(page_table_translate(&kernel_page_table, (uintptr_t)alias, &shown));
                CHECK(shown.protection == PROTECT_READ);
        }
}

TEST(the_lower_half_of_the_address_space_is_empty)
{
        const page_entry *entries = direct_map(cpu_page_table());

        for (unsigned i = 0; i < PAGE_TABLE_ENTRIES / 2; i++)
                CHECK(entries[i] == 0);
}
