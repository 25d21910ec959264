#!/usr/bin/env perl
# `make lines`: the kernel keeps its size, counted in lines of code. A test of its own, so that a kernel that has grown
# too large stops neither the build nor another test.
use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

sub lines {
        my $said = `tools/lines @_ 2>&1 < /dev/null`;
        return ($? >> 8, $said);
}

my ($limit) = `sed -n 's/^LINES_LIMIT := //p' Makefile` =~ /(\d+)/;
my ($status, $said) = lines($limit);
is $status, 0, "kernel/ without user/ and test/ has at most $limit lines of code" or diag $said;

is `awk 'length > 120 { print FILENAME ": " FNR }' kernel/*/*.[chS] kernel/user/*/*.[chS]`, '',
        'no line of the kernel has more than 120 columns';

# A tree in which each line that counts has "counts" in it.
my $folder = tempdir(CLEANUP => 1);
my %text_of = (
        'kernel/mm/a.c' => <<'END',
/*
 * A comment, with a "quote in it.
 */
#include "counts.h"

int counts;     /* and begins a comment
                 that goes on */ int counts_too;
        // a line
const char *counts = "/* no comment";
char counts = '"';      // "
/* one */ /* two */
        
END
        'kernel/mm/a.h' => "/* */\n#define COUNTS\n",
        'kernel/user/b.c' => "int counts;\nint counts;\n",
        'tools/trace/c.c' => "int counts;\n",
        'kernel/boot/entry.S' => "/* no */\ncounts: ret\n",
        'kernel/notes.md' => "is no code\n",
);
for (keys %text_of) {
        my $path = "$folder/$_";
        make_path($path =~ s{/[^/]*$}{}r);
        open my $file, '>', $path or die "$path: $!";
        print $file $text_of{$_};
        close $file;
}
($status, $said) = lines(7, "'$folder'");
is $status, 0, 'a kernel of seven lines has no more than seven';
is $said =~ s/^ +//mgr, <<'END', 'lines of code are counted by room';
1  kernel/boot
6  kernel/mm
2  kernel/user
1  tools/trace
7  kernel/ without user/ and test/; 7 are allowed
END
is +(lines(6, "'$folder'"))[0], 1, 'and more than six';
is +(lines('many'))[0], 2, 'a limit is a number';
done_testing;
