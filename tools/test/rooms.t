#!/usr/bin/env perl
# The host tools are built in rooms (tools/tools.mk): a file includes headers of its own room and of those before it.
# regiontrace's rooms come before those of regionviz.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

# The rooms in their order, as tools.mk lists them: ([tools/trace/base, ...], [tools/viz/draw, ...]).
sub rooms_of {
        my ($makefile) = @_;
        my @rooms;
        for my $list (qw(TRACE_ROOMS VIZ_ROOMS)) {
                my ($folder, $names) = $makefile =~ /^$list := \$\(addprefix (\S+),([^)]+)\)$/m
                        or die "tools.mk has no $list\n";
                push @rooms, map { "$folder$_" } split ' ', $names =~ s/\\\n//gr;
        }
        return @rooms;
}

# Each include of a header that lies in a room: of a later room, or by a name that does not say its room.
sub wrong_includes {
        my ($root, @rooms) = @_;
        my (@wrong, %place, %room_of);
        @place{@rooms} = 0 .. $#rooms;
        for my $room (@rooms) {
                push @{ $room_of{$_} }, $room for map { s{.*/}{}r } glob "$root/$room/*.{h,def}";
        }
        for my $room (@rooms) {
                for my $path (glob "$root/$room/*.{c,h}") {
                        open my $file, '<', $path or die "$path: $!";
                        while (my $line = <$file>) {
                                my ($header) = $line =~ /^\s*#\s*include\s+"([^"]+)"/ or next;
                                my $where = ($path =~ s{^\Q$root\E/}{}r) . ":$.";
                                if ($header !~ m{/}) {
                                        push @wrong, "$where: includes $header, without its room" if $room_of{$header};
                                        next;
                                }
                                my ($of) = grep { -e "$root/" . dirname($_) . "/$header" }
                                        grep { m{/\Q@{[dirname($header)]}\E$} } @rooms;
                                push @wrong, "$where: includes $header, and $of comes after $room"
                                        if $of && $place{$of} > $place{$room};
                        }
                }
        }
        return @wrong;
}

# --- two small tools with each fault planted in them ----------------------------------------------------------

my $planted = tempdir(CLEANUP => 1);
my %text = (
        'tools/tools.mk' =>
                "TRACE_ROOMS := \$(addprefix tools/trace/,base model)\nVIZ_ROOMS := \$(addprefix tools/viz/,draw)\n",
        'tools/trace/base/format.h' => "#include \"model/model.h\"\n",
        'tools/trace/model/model.h' => "#include \"base/format.h\"\n#include \"lib/error.h\"\n",
        'tools/trace/model/model.c' => "#include \"model.h\"\n  # include \"draw/svg.h\"\n",
        'tools/viz/draw/svg.h' => "#include \"model/model.h\"\n",
);
for my $path (sort keys %text) {
        make_path(dirname("$planted/$path"));
        open my $file, '>', "$planted/$path" or die "$planted/$path: $!";
        print $file $text{$path};
        close $file;
}
is_deeply [ wrong_includes($planted, rooms_of($text{'tools/tools.mk'})) ], [
        'tools/trace/base/format.h:1: includes model/model.h, and tools/trace/model comes after tools/trace/base',
        'tools/trace/model/model.c:1: includes model.h, without its room',
        'tools/trace/model/model.c:2: includes draw/svg.h, and tools/viz/draw comes after tools/trace/model',
], 'planted includes of later rooms, and without a room, are named';

# --- the tools ------------------------------------------------------------------------------------------------

open my $file, '<', 'tools/tools.mk' or die "tools/tools.mk: $!";
my @rooms = rooms_of(do { local $/; <$file> });
is join("\n", wrong_includes('.', @rooms)), '', 'no file includes a header of a later room';

# Each source is in a room: a folder that is not in the list would not be built, or checked here.
is_deeply [ grep { !(my @sources = glob "$_/*.c") } @rooms ], [], 'each room has sources';
is_deeply [ glob 'tools/{trace,viz}/*.{c,h,def}' ], [], 'no source lies outside of the rooms';
my %beside = map { $_ => 1 } qw(bench fuzz test);
my %is_room = map { $_ => 1 } @rooms;
is_deeply [ grep { -d && !$is_room{$_} && !$beside{ s{.*/}{}r } } glob 'tools/{trace,viz}/*' ], [],
        'each folder is a room';

done_testing;
