#!/usr/bin/env perl
# What programs may do to a kernel, wrong and right: the cases of kernel/user/usertests/, on 1, 2 and 4 processors, in
# guest time and in host time; those that take long, one by one; and programs whose ELF files are damaged.
use strict;
use warnings;
no warnings qw(portable);      # addresses have more than 32 bits
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Machine qw($build boot check slurp);

my $sources = dirname(__FILE__) . '/../../user/usertests';
my @cases = map { slurp($_) =~ /^        \{ "([^"]+)", \w+ \},$/mg } glob "$sources/*.c";
my @long = slurp("$sources/limits.c") =~ /^        \{ "([^"]+)", \w+ \},$/mg;

cmp_ok @cases - @long, '>=', 120, 'there are ' . @cases . ' cases';
is scalar(keys %{ { map { $_ => 1 } @cases } }), scalar(@cases), 'each has a name of its own';

# Each failing case, and the command that runs it alone.
sub say_what_was_wrong {
        my ($run, @options) = @_;
        my $console = slurp($run->{console});
        my @wrong = $console =~ /^usertests: ([\w-]+): wrong/mg;
        my ($last) = reverse $console =~ /^usertests: ([\w-]+)$/mg;

        push @wrong, $last if !@wrong && $last;         # the run ended, or was ended, in the middle of it
        diag $run->{said}, $console;
        diag "wrong: $_; to run it alone: $build/regiontrace record --append exec=usertests:$_ @options --console -"
                for @wrong;
}

sub is_right {
        my ($what, $words, @options) = @_;
        my $run = boot('pc', $words, undef, @options);
        my $check = check($run->{recording});

        is $run->{status}, 0, $what or say_what_was_wrong($run, @options);
        is $check->{status}, 0, "$what: the recording passes its check" or diag $check->{said};
        return $run;
}

for my $cpus (1, 2, 4) {
        my $run = is_right("all cases on $cpus", "exec=usertests schedule=$cpus", '--cpus', $cpus, '--memory', '64M');

        is_deeply [ slurp($run->{console}) =~ /^usertests: (\d+) cases/m ], [ @cases - @long ], 'and none was left out';
}
is_right('all cases in host time', 'exec=usertests', '--cpus', 2, '--memory', '64M', '--no-icount');

# In little memory, where it must run out, or where much happens.
for my $case (grep { $_ ne 'regions-60000' } @long) {
        for my $cpus (1, 2, 4) {
                is_right("$case on $cpus", "exec=usertests:$case", '--cpus', $cpus, '--memory', '24M');
        }
}

# Here only the outcome matters: without the tree's events there is nothing to check, and with them there is too much.
for my $cpus (1, 2, 4) {
        my $many = boot('pc', 'exec=usertests:regions-60000 trace=-tree', undef, '--cpus', $cpus, '--memory', '64M');
        is $many->{status}, 0, "60,000 regions on $cpus" or say_what_was_wrong($many, '--cpus', $cpus);
}

# --- damaged programs ------------------------------------------------------------------------------------------

# usertests reports 100 and the number of the error, or the program's own status.
my %status_of = (runs => 0, overlap => 104, refused => 106);
my $good = slurp("$build/initrd/least");
my ($headers, $count) = (unpack('Q<', substr $good, 32, 8), unpack('S<', substr $good, 56, 2));
my %file;
my %expected;

sub add {
        my ($name, $expected, $bytes) = @_;
        $file{$name} = $bytes;
        $expected{$name} = $expected;
}

# A copy in which a field has another value: of the file's header, or of one of the program headers.
my %field = (
        (map { ("magic$_" => [ $_, 'C' ]) } 0 .. 3),
        class => [ 4, 'C' ], data => [ 5, 'C' ], 'ident-version' => [ 6, 'C' ], system => [ 7, 'C' ],
        type => [ 16, 'S<' ], machine => [ 18, 'S<' ], version => [ 20, 'L<' ],
        entry => [ 24, 'Q<' ], phoff => [ 32, 'Q<' ], shoff => [ 40, 'Q<' ], flags => [ 48, 'L<' ],
        ehsize => [ 52, 'S<' ], phentsize => [ 54, 'S<' ], phnum => [ 56, 'S<' ],
        shentsize => [ 58, 'S<' ], shnum => [ 60, 'S<' ], shstrndx => [ 62, 'S<' ],
        'p-type' => [ 0, 'L<' ], 'p-flags' => [ 4, 'L<' ], 'p-offset' => [ 8, 'Q<' ], 'p-vaddr' => [ 16, 'Q<' ],
        'p-paddr' => [ 24, 'Q<' ], 'p-filesz' => [ 32, 'Q<' ], 'p-memsz' => [ 40, 'Q<' ], 'p-align' => [ 48, 'Q<' ],
);

sub with_field {
        my ($bytes, $name, $value, $segment) = @_;
        my ($offset, $format) = @{ $field{$name} };

        $offset += $headers + 56 * $segment if $name =~ /^p-/;
        substr($bytes, $offset, length pack $format, 0) = pack $format, $value;
        return $bytes;
}

sub set {
        my ($expected, $name, @values) = @_;
        add(sprintf('%s-%x', $name, $_), $expected, with_field($good, $name, $_, 0)) for @values;
}

my ($most16, $most32, $most64) = (0xffff, 0xffffffff, 0xffffffffffffffff);
my $text = unpack 'Q<', substr $good, $headers + 16, 8;
my $text_size = unpack 'Q<', substr $good, $headers + 32, 8;
my @kernel = (0xffff800000000000, 0xffffffff80200000, 1 << 63, 1 << 47, 0x7ffffffff000);

# The header of the file.
set('refused', "magic$_", 0, 255) for 0 .. 3;
set('refused', 'class', 0, 1, 3, 255);
set('refused', 'data', 0, 2, 255);
set('refused', 'ident-version', 0, 2, 255);
set('runs', 'system', 3, 255);
set('refused', 'type', 0, 1, 3, 4, $most16);
set('refused', 'machine', 0, 3, 183, $most16);
set('refused', 'version', 0, 2, $most32);
set('refused', 'entry', 0, $text - 1, $text + $text_size, @kernel, $most64);
set('refused', 'phoff', 0, length $good, length($good) - 1, 1 << 32, 1 << 63, $most64, $most64 - 55);
set('refused', 'flags', 1, $most32);
set('refused', 'ehsize', 0, 63, 65, $most16);
set('refused', 'phentsize', 0, 1, 55, 57, $most16);
set('refused', 'phnum', 0, 17, $most16);
set('runs', $_, 0, 1, $most16) for qw(shentsize shnum shstrndx);
set('runs', 'shoff', 0, 1, 1 << 63, $most64);

# The segment of the code.
set('refused', 'p-type', 0, 2, 3, 4, 7, $most32);
set('refused', 'p-flags', 0, 2, 4, 6, 7, 13, $most32);
set('refused', 'p-offset', 1, 0xfff, 1 << 32, 1 << 63, $most64 - 4095);
set('refused', 'p-vaddr', 0, $text + 1, @kernel, $most64 - 4095);
set('runs', 'p-paddr', 0, 1, $most64);
set('refused', 'p-filesz', 0, 1 << 32, 1 << 63, $most64);
set('refused', 'p-memsz', 0, 1, 1 << 47, 1 << 63, $most64);
set('refused', 'p-align', 3, 0x1001, 1 << 63, $most64);
set('runs', 'p-align', 0, 1, 4096);

# Cut short; and odd, but legal.
add("length-$_", 'refused', substr $good, 0, $_) for 0, 1, 4, 63, 64, $headers + 56, $headers + 56 * $count - 1;
my $segment = sub { pack 'L<2Q<6', @_ };
sub with_segment {
        my ($bytes) = @_;
        my $moved = with_field($good, 'phoff', length $good);

        $moved = with_field($moved, 'phnum', $count + 1);
        return $moved . substr($good, $headers, 56 * $count) . $bytes;
}
add('empty', 'runs', with_segment($segment->(1, 4, 0, $text, 0, 0, 0, 4096)));
add('empty-nowhere', 'runs', with_segment($segment->(1, 7, $most64, $most64, 0, 0, 0, 3)));
add('note-nonsense', 'runs', with_segment($segment->(4, $most32, ($most64) x 6)));
add('null-nonsense', 'runs', with_segment($segment->(0, $most32, ($most64) x 6)));
add('zeros-only', 'runs', with_segment($segment->(1, 6, 0, 0x20000000000, 0, 0, 4096, 4096)));
add('zeros-much', 'runs', with_segment($segment->(1, 6, 0, 0x20000000000, 0, 0, 1 << 40, 4096)));
add('lowest-page', 'runs', with_segment($segment->(1, 4, 0, 0x10000, 0, 64, 4096, 4096)));
add('highest-page', 'runs', with_segment($segment->(1, 4, 0, 0x7fffffffe000, 0, 64, 4096, 4096)));
add('on-another', 'overlap', with_segment($segment->(1, 4, 0, $text, 0, 64, 64, 4096)));
add('across-another', 'overlap', with_segment($segment->(1, 4, 0, $text - 4096, 0, 64, 4097, 4096)));
add('below-lowest', 'refused', with_segment($segment->(1, 4, 0, 0xf000, 0, 64, 4096, 4096)));
add('above-highest', 'refused', with_segment($segment->(1, 4, 0, 0x7fffffffe000, 0, 64, 4097, 4096)));
add('more-in-file', 'refused', with_segment($segment->(1, 4, 0, 0x20000000000, 0, 65, 64, 4096)));
add('interpreter', 'refused', with_segment($segment->(3, 4, 0, 0, 0, 0, 0, 1)));

my $folder = tempdir(CLEANUP => 1);
sub put {
        my ($name, $bytes) = @_;
        open my $out, '>:raw', "$folder/$name" or die "$folder/$name: $!";
        print $out $bytes;
        close $out;
}
put($_, $file{$_}) for keys %file;
put('usertests', slurp("$build/initrd/usertests"));
put('least', $good);
put('elf-list', join '', "0 least\n", map { "$status_of{$expected{$_}} $_\n" } sort keys %file);
my $archive = dirname($folder) . "/$$.cpio";
my $pack = 'find . -type f | cut -c 3- | LC_ALL=C sort | cpio --create --format=newc --quiet';
system("cd '$folder' && $pack > '$archive'") == 0 or die 'cpio';
is_right(keys(%file) . " damaged and odd programs on $_", 'exec=usertests:elf-list', '--cpus', $_, '--initrd', $archive)
        for 1, 2, 4;
unlink $archive;
done_testing;
