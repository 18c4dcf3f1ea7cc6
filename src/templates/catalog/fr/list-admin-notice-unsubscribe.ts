export default `Un membre a quitté la liste de diffusion $display_name :

    $member
`;
