#!/usr/bin/env perl
# The kernel is built in floors (lib/environment.h): a file includes headers of its own floor and of those below, and an
# object uses only symbols that these define, but for the few that the environment supplies.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Floors qw(@FLOORS environment upward_includes upward_symbols);
use Machine qw($build slurp);

my $kernel = dirname(dirname(__FILE__));

# --- a small kernel with each fault planted in it -------------------------------------------------------------

my $planted = tempdir(CLEANUP => 1);
my %text = (
        'lib/environment.h' => <<'END',
/* like(this); */
__attribute__((format(printf, 1, 2)))
_Noreturn void panic(const char *pattern, ...);
extern unsigned long guard_word;
END
        'lib/list.h' => "int list_length(void);\n",
        'lib/list.c' => <<'END',
#include "lib/environment.h"
#include "lib/list.h"
int list_length(void)
{
        return guard_word ? 1 : (panic("no guard"), 0);
}
END
        'mm/frames.h' => "#include \"task/thread.h\"\nint frame_allocate(void);\n",
        'mm/frames.c' => <<'END',
#include "lib/list.h"
#include "mm/frames.h"
int frame_allocate(void)
{
        return list_length();
}
END
        'mm/heap.c' => <<'END',
extern int thread_count(void);
int heap_grow(void);

int heap_grow(void)
{
        return thread_count();
}
END
        'task/thread.h' => "int thread_count(void);\n",
        'task/thread.c' => <<'END',
#include "mm/frames.h"
  # include "user/lib/user.h"
int thread_count(void)
{
        return frame_allocate();
}
END
        'user/lib/user.h' => "#include \"task/thread.h\"\n",
        'boot/panic.c' => <<'END',
#include "lib/environment.h"
unsigned long guard_word;
void panic(const char *pattern, ...)
{
        for (;;)
                ;
}
END
);
for my $path (sort keys %text) {
        make_path(dirname("$planted/$path"));
        open my $file, '>', "$planted/$path" or die "$planted/$path: $!";
        print $file $text{$path};
        close $file;
}
for my $source (grep { /\.c$/ } sort keys %text) {
        system('cc', '-w', '-g', '-c', "-I$planted", "$planted/$source", '-o', "$planted/$source.o")
                and die "$source does not compile\n";
}

is_deeply [ upward_includes($planted) ], [
        "$planted/mm/frames.h:1: includes task/thread.h, and task/ is above mm/",
        "$planted/task/thread.c:2: includes user/lib/user.h, and user/ is above task/",
], 'planted includes that go upwards are named';
is_deeply [ sort(environment($planted)) ], [ qw(guard_word panic) ], 'the environment is what its header declares';
my ($wrong, $defined) = upward_symbols($planted, $planted);
is_deeply $wrong, [ "$planted/mm/heap.c:6: uses thread_count of $planted/task/thread.c.o, and task/ is above mm/" ],
        'a planted symbol that goes upwards is named, though no header says so';

# --- the kernel -----------------------------------------------------------------------------------------------

is join("\n", upward_includes($kernel)), '', 'no file includes a header of a higher floor';
($wrong, $defined) = upward_symbols($kernel, "$build/kernel");
is join("\n", @$wrong), '', 'no object uses a symbol of a higher floor, but for the environment';
is_deeply [ grep { !$defined->{$_} } environment($kernel) ], [],
        'the kernel defines all that lib/environment.h declares';

# Each room has objects: with a folder renamed or forgotten there would be nothing to find.
for my $room (map { @$_ } @FLOORS) {
        my @objects = glob "$build/kernel/$room/*.o";
        cmp_ok scalar(@objects), '>', 0, "$room/ was looked at: " . @objects . ' objects';
}

# Whoever calls a function finds in its header what it costs.
my @headers = map { glob "$kernel/$_/*.h" } qw(arch mm task);
my @declare = grep { slurp($_) =~ /^\w[^\n]*\w\([^\n]*\n?[^\n]*\)[^\n]*(;|\n\{)$/m } @headers;
cmp_ok scalar(@declare), '>', 50, @declare . ' headers of arch, mm and task have functions';
is_deeply [ grep { slurp($_) !~ m{^ *(/| )\*.*(\bO\(|\b[Cc]osts?\b)}m } @declare ], [], 'each says what they cost';
done_testing;
