export default `次の件名のメールを

    $subject

メーリングリスト $list_name で受け付けました。会員への配送を始めていま
す。
`;
