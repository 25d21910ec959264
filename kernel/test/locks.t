#!/usr/bin/env perl
# Whoever forgets a lock gets no kernel: clang's analysis refuses the snippets in locks/, and the kernel without any one
# of the lines that acquire or release a lock.
use strict;
use warnings;
use File::Basename qw(basename dirname);
use File::Find qw(find);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Machine qw(slurp);

plan skip_all => 'clang is not installed; `tools/setup test` installs it' if system 'command -v clang > /dev/null';

my $folder = tempdir(CLEANUP => 1);
my $kernel = dirname(dirname(__FILE__));
chomp(my $include = `clang --target=x86_64-elf -print-file-name=include`);
my $overlay = "$folder/overlay";        # a header here is taken instead of the kernel's
mkdir $overlay;
my @clang = (qw(clang --target=x86_64-elf -std=gnu2x -O2 -Wall -Wextra -nostdinc -isystem), $include, "-I$overlay",
        "-I$kernel", "-I$kernel/test/locks", qw(-ffreestanding -mgeneral-regs-only -mcmodel=kernel),
        qw(-fsyntax-only -Wthread-safety -Werror));

# What clang has against a text that lies in this file; '' if nothing.
sub objections {
        my ($path) = @_;
        my $status = system "@clang $path > $folder/said 2>&1";
        return slurp("$folder/said") || ($status ? "clang ended with status $status" : '');
}

for my $snippet (sort glob "$kernel/test/locks/*.c") {
        my $name = basename($snippet);
        my ($expected) = slurp($snippet) =~ m{^/\* Must not compile: (.*) \*/};
        my $said = objections($snippet);

        $expected ? like($said, qr/error:.*\Q$expected\E/, "$name: $expected") : is($said, '', "$name compiles");
}

my @files;
my $is_checked = sub { push @files, $_ if /\.[ch]$/ && !m{/user/|/test/(host|bench|locks)/} };
find({ no_chdir => 1, wanted => $is_checked }, $kernel);
my @sources = grep { /\.c$/ } @files;
is join('', map { objections($_) } sort @sources), '', 'the kernel compiles: ' . @sources . ' files';

# The kernel's own sections: without the line that acquires the lock, without one that releases it, without all of them;
# and what WITH_LOCK computes, without it. What is left must be refused for its locks.
my $lines = 0;
my @unnoticed;

# Where the text of a file goes when it is changed, and what is compiled then: itself, or who includes it.
sub place_of {
        my ($source) = @_;
        return ("$folder/copy.c", "$folder/copy.c") if $source =~ /\.c$/;
        my $name = $source =~ s{^\Q$kernel\E/}{}r;
        make_path(dirname("$overlay/$name"));
        return ("$overlay/$name", grep { slurp($_) =~ /^#include "\Q$name\E"/m } sort @sources);
}

sub must_be_refused {
        my ($source, $line, @left) = @_;
        my ($place, @compiled) = place_of($source);

        open my $copy, '>', $place or die "$place: $!";
        print $copy @left;
        close $copy;
        push @unnoticed, "$source:$line" unless grep { objections($_) =~ /-Wthread-safety/ } @compiled;
        unlink $place;
}

sub without {
        my ($text, @gone) = @_;
        my @left = @$text;

        $left[$_] = "\n" for @gone;
        return @left;
}

for my $source (sort grep { !m{/test/|/sync/spinlock\.[ch]$} } @files) {
        my @text = split /^/, slurp($source);

        for my $i (0 .. $#text) {
                my $line = $i + 1;

                if ($text[$i] =~ /WITH_LOCK\([^,]+, /) {
                        $lines++;
                        must_be_refused($source, $line, @text[0 .. $i - 1], "$`($'", @text[$i + 1 .. $#text]);
                        next;
                }
                my ($which, $lock) = $text[$i] =~ /^\s*spinlock_(acquire|release)\((.*)\);/ or next;
                $lines++;
                must_be_refused($source, $line, without(\@text, $i));
                next if $which eq 'release';
                my ($end) = grep { $text[$_] =~ /^}/ } $i .. $#text;
                my @releases = grep { $text[$_] =~ /spinlock_release\(\Q$lock\E\);/ } $i .. $end;
                must_be_refused($source, "$line, the section", without(\@text, $i, @releases)) if @releases;
        }
}
cmp_ok $lines, '>=', 20, "$lines lines acquire or release a lock";
is_deeply \@unnoticed, [], 'without any one of them, or a whole section, the kernel does not compile';

# What a lock guards is named only by its accessors, which require the lock, by the code that makes it, and by code that
# reads what never changes. A lock is taken by a statement of its own, so that no line was missed above.
my @loose;
for my $source (sort grep { !m{/test/.*\.c$} } @files) {
        my ($function, $line) = ('', 0);

        for (split /^/, slurp($source)) {
                $line++;
                next if m{^ ?[/*]};
                $function = $_ if /^\w.*\(/;
                $function .= $_ if /^\s.*\bREQUIRES\(/;
                my $is_statement = /^\s*spinlock_\w+\(&?[\w>.-]+\);\s*\\?$/;
                push @loose, "$source:$line"
                        if /spinlock_(acquire|release)\(/ && !$is_statement && $function ne $_;
                push @loose, "$source:$line" if /\bguarded_\b/ && !/guarded_(\[\w+\])?; ?\}|^\s*\} guarded_;/
                        && $function !~ /REQUIRES\(|\w*(create|init|range|root)\(/;
        }
}
is_deeply \@loose, [], 'and what locks guard has no other way in';
done_testing;
