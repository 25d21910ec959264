#!/usr/bin/env perl
# regionviz live on a recording that arrives: through a named pipe or a socket, or as a file that another process
# writes; plain or compressed. It waits for no writer, shows what has arrived, and goes on when more does, even from the
# middle of a frame.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Temp qw(tempdir);
use IO::Socket::UNIX;
use POSIX qw(mkfifo);
use Test::More;
use lib 'tools/viz/test';
use Terminal;

plan skip_all => 'tmux is not installed' if system('command -v tmux > /dev/null');

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my $folder = tempdir(CLEANUP => 1);
system("$make --no-print-directory BUILD=$build tools $build/host/run_script > $folder/make.log 2>&1") == 0
        or BAIL_OUT("cannot build: see `make $build/host/run_script'");

sub content_of {
        my ($path) = @_;
        open my $file, '<:raw', $path or die "$path: $!\n";
        local $/;
        return scalar <$file>;
}

# Compressed, a recording is made of blocks of 128 KiB. None can be read before its end, so it is one of several.
open my $script, '>', "$folder/long.ops" or die;
print $script "space 0x10000 0x7ffffffff000\n";
print $script "map r$_ 4K rw- anywhere\nmap x 4K rw- anywhere\nunmap 0x10000 4K\n" for 1 .. 3000;
close $script;
system("$build/host/run_script $folder/long.ops -o $folder/long.rtrace > /dev/null; "
        . "$build/regiontrace record --from $folder/long.rtrace -o $folder/long.rtrace.zst > /dev/null") == 0
        or BAIL_OUT('no recording');
my $bytes = content_of("$folder/long.rtrace");
my $compressed = content_of("$folder/long.rtrace.zst");
my ($events) = `$build/regiontrace dump $folder/long.rtrace | tail -1` =~ /^\s*([\d,]+)/;
cmp_ok length $bytes, '>', 5 * 128 << 10, 'the recording is long';

sub live { return Terminal->new(columns => 100, rows => 30, command => "$build/regionviz live $_[0]") }

# Sends the first half of the bytes, which ends within a frame; then the rest.
sub arrives {
        my ($what, $path, $open, $bytes) = @_;
        my $half = int(length($bytes) / 2) + 3;
        my $terminal = live($path);
        $terminal->shows(qr/waits for the beginning of \Q$path\E/, "$what: it says that it waits") if $what =~ /pipe/;
        my $writer = $open->();
        syswrite $writer, substr($bytes, 0, $half);
        $terminal->shows(qr/PAST \((?:arrives: |nothing for \d+ s)/, "$what: the first half is shown");
        $terminal->type('Right', 'Right');
        $terminal->shows(qr/event \d+ of/, "$what: and can be walked through");
        $terminal->shows(qr/nothing for \d+ s/, "$what: it says that the stream stalls, in the middle of a frame");
        $terminal->type('End');
        unlike $terminal->screen, qr/event \Q$events\E of/, "$what: the end is not there yet";
        syswrite $writer, substr($bytes, $half);
        close $writer;
        $terminal->wait_until(sub { $terminal->screen !~ /arrives: |nothing for/ });
        $terminal->type('End');
        $terminal->shows(qr/event \Q$events\E of \Q$events\E/, "$what: the rest, to the last event");
        $terminal->type('q');
        $terminal->shows(qr/ended with 0/, "$what: it ends");
}

mkfifo("$folder/fifo", 0600) or BAIL_OUT("no pipe: $!");
sub open_pipe { open my $writer, '>:raw', "$folder/fifo" or die; return $writer }
arrives('a named pipe', "$folder/fifo", \&open_pipe, $bytes);
arrives('a named pipe, compressed', "$folder/fifo", \&open_pipe, $compressed);

my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => "$folder/socket", Listen => 1)
        or BAIL_OUT("no socket: $!");
arrives('a socket', "$folder/socket", sub { my $client = $server->accept; binmode $client; return $client }, $bytes);

# A file that is open for writing in this process.
for my $case ([ 'a file', $bytes ], [ 'a file, compressed', $compressed ]) {
        my ($what, $content) = @$case;
        open my $writer, '>:raw', "$folder/growing" or die;
        arrives($what, "$folder/growing", sub { return $writer }, $content);
}

# At the end of one that grows the view stays at its newest event.
{
        my $half = int(length($bytes) / 2);
        open my $writer, '>:raw', "$folder/growing" or die;
        syswrite $writer, substr($bytes, 0, $half);
        my $terminal = live("$folder/growing");
        $terminal->shows(qr/PAST \(/, 'a file that grows begins as any other');
        $terminal->type('G');
        $terminal->shows(qr/PRESENT \(/, 'G goes to its newest event');
        my ($at) = $terminal->screen =~ /event ([\d,]+) of/;
        syswrite $writer, substr($bytes, $half, 2000);
        ok $terminal->wait_until(sub { $terminal->screen =~ /event (?!\Q$at\E of)([\d,]+) of \1 .*PRESENT \(/s }),
                'and stays there when more arrives';
        $terminal->type('Left');
        $terminal->shows(qr/PAST \(/, 'a step back leaves it');
        truncate $writer, 1000;
        $terminal->shows(qr/has become shorter.*ended with 2/s,
                'a file that is recorded anew ends the viewer, which says why');
}

# What is no recording is refused, and what ends before it begins. So is an empty file that no process writes.
{
        open my $writer, '>:raw', "$folder/growing" or die;
        my $terminal = live("$folder/growing");
        $terminal->shows(qr/waits for the beginning of/, 'an empty file that is open for writing');
        close $writer;
        $terminal->shows(qr/growing: .*ended with 2/s, 'is refused when it is closed');
}
for my $case (['no recording', 'x' x 5000], ['the beginning of one', substr $bytes, 0, 20]) {
        my ($what, $content) = @$case;
        my $terminal = live("$folder/fifo");
        open my $writer, '>:raw', "$folder/fifo" or die;
        syswrite $writer, $content;
        close $writer;
        $terminal->shows(qr/ended with 2/, "$what is refused");
        like $terminal->screen, qr/regionviz live: \S*fifo: /, 'with the reason';
}
done_testing;
